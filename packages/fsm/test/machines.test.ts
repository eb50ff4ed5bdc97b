import {
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
  type TransactionKind,
} from '@sipx/fsm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENTS, type EventName, isEvent, isKind, Play, TimedPlay, TIMERS } from './play.ts';
import { listed, readTable } from './table-file.ts';

const STATES = readTable('states.tsv', ['machine', 'state', 'name', 'after']);
const ARROWS = readTable('arrows.tsv', [
  'source',
  'arrow',
  'machine',
  'state',
  'transport',
  'event',
  'next',
  'keeps',
  'effects',
]);

type StateRow = (typeof STATES)[number];
type ArrowRow = (typeof ARROWS)[number];

const TRANSPORTS = ['unreliable', 'reliable'] as const;
const KINDS = Object.entries({
  'invite-client': inviteClient,
  'non-invite-client': nonInviteClient,
  'invite-server': inviteServer,
  'non-invite-server': nonInviteServer,
});

const lead = (state: StateRow, reliable: boolean): Play => {
  if (!isKind(state.machine)) throw new TypeError(`no machine: ${state.machine}`);
  const play = new Play(state.machine, reliable);
  for (const event of listed(state.after, ', ')) {
    if (!isEvent(event)) throw new TypeError(`no event: ${event}`);
    if (play.tell(event) === '-') throw new TypeError(`${state.state}: ${event} is stray`);
  }
  return play;
};

const told = ({ next, keeps, effects }: ArrowRow): string =>
  `${next} [${listed(keeps, '').join('')}] ${listed(effects, ', ').join(', ')}`.trim();

/** The rows for an event in a state: one, or none where it is stray. */
const rows = (state: StateRow, event: EventName, transport: string): readonly ArrowRow[] =>
  ARROWS.filter(
    (row) =>
      row.machine === state.machine &&
      (row.state === state.state || (row.state === '*' && state.name !== 'terminated')) &&
      row.event === event &&
      (row.transport === transport || row.transport === 'any'),
  );

describe.each(TRANSPORTS)('on an %s transport', (transport) => {
  const reliable = transport === 'reliable';
  describe.each(STATES)('$machine, $state', (state) => {
    it('does what its rows say, and nothing else', () => {
      const said: Record<string, readonly string[]> = {};
      const done: Record<string, readonly string[]> = {};
      for (const event of EVENTS) {
        const found = rows(state, event, transport).map(told);
        said[event] = found.length > 0 ? found : ['-'];
        const play = lead(state, reliable);
        expect(play.transaction.state).toBe(state.name);
        done[event] = [play.tell(event)];
      }
      expect(done).toEqual(said);
    });

    it('counts stray events, and they change nothing', () => {
      const play = lead(state, reliable);
      const strays = EVENTS.filter((event) => rows(state, event, transport).length === 0);
      for (const event of strays) play.step(event);
      expect(play.transaction.state).toBe(state.name);
      expect(play.manager.gauges.stray).toBe(strays.length);
    });
  });
});

it('each row is of a state and an event that there are', () => {
  const lost = ARROWS.filter(
    (row) =>
      !STATES.some(
        ({ machine, state }) =>
          machine === row.machine && (state === row.state || row.state === '*'),
      ) || !isEvent(row.event),
  );
  expect(lost).toEqual([]);
});

describe('timers', () => {
  // C is a proxy's (RFC 3261 16.6): no transaction has it.
  it('A to M occur in some rule, and each is started by some arrow', () => {
    const ruled = KINDS.flatMap(([, table]) =>
      Object.values(table).flatMap(({ on }) => Object.keys(on)),
    );
    const started = ARROWS.flatMap(({ effects }) =>
      [...effects.matchAll(/start (\w)/g)].map(([, timer]) => timer),
    );
    for (const timer of TIMERS) {
      expect(ruled).toContain(timer);
      expect(started).toContain(timer);
    }
  });

  it.each(KINDS)('%s: a state keeps those that it has a rule for, and no other', (_, table) => {
    for (const [name, { keeps, on }] of Object.entries(table)) {
      const ruled = Object.keys(on).filter((event) => TIMERS.some((timer) => timer === event));
      expect([...keeps].sort(), name).toEqual(ruled.sort());
    }
  });
});

/** Of the tables' values: 64*T1 twice over, or timer D instead of the second. */
const LONGEST = 64_000;

describe.each(KINDS)('%s, whatever comes in whatever order', (name) => {
  const kind = name as TransactionKind;

  it.each([true, false])('throws nothing and stays ended; reliable: %s', (reliable) => {
    const events = fc.array(fc.constantFrom<EventName>(...EVENTS), { maxLength: 40 });
    fc.assert(
      fc.property(events, (sequence) => {
        const play = new Play(kind, reliable);
        expect(sequence.flatMap((event) => faultsOf(play, event))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it.each([true, false])('on the clock its life is bounded; reliable: %s', (reliable) => {
    const messages = EVENTS.filter((event) => event.length > 1 && event !== 'start');
    const event = fc.tuple(fc.nat({ max: 8000 }), fc.constantFrom<EventName>(...messages));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (sequence) => {
        const play = new TimedPlay(kind, reliable);
        play.do('start');
        // An INVITE rings as long as its users let it, and a session bounds that.
        let ringing = 0;
        for (const [after, message] of sequence) {
          if (isRinging(play)) ringing = play.now + after;
          play.until(play.now + after).do(message);
          if (play.manager.gauges.timers !== play.timers.length) throw new RangeError('miscounted');
          expectBounded(play, ringing);
        }
        if (isRinging(play)) {
          ringing = play.now;
          play.do('abandon');
        }
        play.until(ringing + LONGEST);
        expectBounded(play, ringing);
        expect(play.manager.gauges.transactions).toBe(0);
        expect(play.timers).toEqual([]);
        // A timer that fires where its state has no rule has outlived its state.
        expect(play.wasted).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

/** Does the step, and says what is wrong with it. */
const faultsOf = (play: Play, event: EventName): readonly string[] => {
  const { state: before, reliable } = play.transaction;
  const step = play.step(event);
  const { state } = play.transaction;
  const started = (step?.effects ?? []).flatMap((effect) =>
    effect.type === 'start' ? [effect.timer] : [],
  );
  const faults: readonly [wrong: boolean, name: string][] = [
    [state !== (step?.state ?? before), 'it is not where its step says'],
    [before === 'terminated' && step !== undefined, 'it goes on after its end'],
    [play.manager.gauges.transactions !== (state === 'terminated' ? 0 : 1), 'it is not counted'],
    [started.some((timer) => !step?.keeps.includes(timer)), 'a timer that its state cancels'],
    // Short of one that nobody started and that yet fires.
    [
      reliable && started.some((timer) => timer !== event && 'AEG'.includes(timer)),
      'it repeats on a reliable transport',
    ],
  ];
  return faults.filter(([wrong]) => wrong).map(([, name]) => `${before}, ${event}: ${name}`);
};

const isRinging = ({ transaction: { kind, state } }: Play): boolean =>
  kind.startsWith('invite') && state === 'proceeding';

const expectBounded = (play: TimedPlay, ringing: number): void => {
  if (play.now >= ringing + LONGEST) expect(play.transaction.state).toBe('terminated');
};
