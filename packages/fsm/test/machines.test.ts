import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENTS, type EventName, Play, TIMERS } from './play.ts';
import { MACHINES, type MachineCase, type StateCase } from './tables.ts';

const reach = ({ kind, reliable }: MachineCase, { after }: StateCase): Play => {
  const play = new Play(kind, reliable);
  for (const event of after) expect(play.tell(event), `on the way: ${event}`).not.toBe('-');
  return play;
};

describe.each(MACHINES)('$kind, reliable: $reliable', (machine) => {
  describe.each(Object.entries(machine.states))('%s', (_, state) => {
    it.each(EVENTS)('%s', (event) => {
      expect(reach(machine, state).tell(event)).toBe(state.row[event]);
    });
  });

  it('counts stray events, and they change nothing', () => {
    for (const [name, state] of Object.entries(machine.states)) {
      const play = reach(machine, state);
      const before = play.transaction.state;
      const strays = EVENTS.filter((event) => state.row[event] === '-');
      for (const event of strays) play.step(event);
      expect(play.transaction.state, name).toBe(before);
      expect(play.manager.gauges.stray, name).toBe(strays.length);
    }
  });

  it('holds its invariants whatever comes in whatever order', () => {
    const events = fc.array(fc.constantFrom<EventName>(...EVENTS), { maxLength: 40 });
    fc.assert(
      fc.property(events, (sequence) => {
        const play = new Play(machine.kind, machine.reliable);
        for (const event of sequence) {
          const before = play.transaction.state;
          const step = play.step(event);
          const alive = play.transaction.state !== 'terminated';
          expect(play.manager.gauges.transactions).toBe(alive ? 1 : 0);
          if (before === 'terminated') expect(step).toBeUndefined();
          if (!step) {
            expect(play.transaction.state).toBe(before);
            continue;
          }
          expect(play.transaction.state).toBe(step.state);
          for (const effect of step.effects) {
            if (effect.type !== 'start') continue;
            // A timer that its state does not keep would be cancelled by the next step.
            expect(step.keeps).toContain(effect.timer);
            // Nothing is retransmitted on a reliable transport (short of a timer that nobody started).
            if (machine.reliable && effect.timer !== event) {
              expect(['A', 'E', 'G']).not.toContain(effect.timer);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

it('every timer is started somewhere', () => {
  const started = new Set<string>();
  for (const { kind, reliable, states } of MACHINES) {
    for (const { after } of Object.values(states)) {
      const play = new Play(kind, reliable);
      for (const event of after) {
        for (const effect of play.step(event)?.effects ?? []) {
          if (effect.type === 'start') started.add(effect.timer);
        }
      }
    }
  }
  expect([...started].sort()).toEqual([...TIMERS]);
});
