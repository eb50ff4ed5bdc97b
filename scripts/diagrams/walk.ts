import { NetworkError } from '@sipx/contracts';
import {
  DEFAULT_TIMERS,
  type Effect,
  StateManager,
  type Transaction,
  type TransactionEvent,
  type TransactionKind,
  type TransactionState,
} from '@sipx/fsm';
import { Request, type Response, responseTo } from '@sipx/message';

/** What an event does in a state, as a machine's table says. */
export interface Arrow {
  readonly from: TransactionState;
  readonly event: string;
  readonly to: TransactionState;
  readonly effects: readonly string[];
}

export interface Walk {
  readonly initial: TransactionState;
  /** The timers that each state keeps. */
  readonly keeps: ReadonlyMap<TransactionState, readonly string[]>;
  readonly arrows: readonly Arrow[];
}

/** Deeper than any state lies; a walk ends earlier, when it finds no new arrow. */
const DEEPEST = 8;

/**
 * All arrows of a machine on an unreliable transport, found by walking it: every event in every state that is
 * reached. Where an event may do more or less in one state, as when there is nothing yet to send again, it does more.
 */
export function walk(kind: TransactionKind): Walk {
  const events = eventsOf(kind);
  const arrows = new Map<string, Arrow>();
  const keeps = new Map<TransactionState, readonly string[]>();
  let paths: readonly (readonly string[])[] = [[]];
  for (let depth = 0; depth < DEEPEST && paths.length > 0; depth += 1) {
    const further: (readonly string[])[] = [];
    for (const path of paths) {
      for (const event of events.keys()) {
        const { manager, transaction } = lead(kind, events, path);
        const from = transaction.state;
        const step = manager.step(transaction, of(events, event));
        if (!step) continue;
        keeps.set(step.state, step.keeps);
        const arrow = { from, event, to: step.state, effects: step.effects.map(word) };
        const key = `${from} ${event} ${step.state}`;
        const known = arrows.get(key);
        if (!known) further.push([...path, event]);
        if (!known || known.effects.length < arrow.effects.length) arrows.set(key, arrow);
      }
    }
    paths = further;
  }
  return { initial: lead(kind, events, []).transaction.state, keeps, arrows: [...arrows.values()] };
}

type Events = ReadonlyMap<string, TransactionEvent>;

function lead(
  kind: TransactionKind,
  events: Events,
  path: readonly string[],
): { manager: StateManager; transaction: Transaction } {
  const manager = new StateManager();
  const options = { reliable: false, timers: DEFAULT_TIMERS };
  const asked = request(methodOf(kind));
  const transaction = kind.endsWith('client')
    ? manager.createClientTransaction(asked, new Uint8Array(1), options)
    : manager.createServerTransaction(asked, options);
  for (const event of path) manager.step(transaction, of(events, event));
  return { manager, transaction };
}

function eventsOf(kind: TransactionKind): Events {
  const asked = request(methodOf(kind));
  const responds = (status: number): TransactionEvent => ({
    type: 'respond',
    response: response(asked, status),
    bytes: new Uint8Array(1),
  });
  const error = new NetworkError('SIPX_TRANSPORT_SEND', 'shown in a picture');
  const timers = ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M'] as const;
  return new Map<string, TransactionEvent>([
    ['start', { type: 'start' }],
    ['1xx', { type: 'provisional', response: response(asked, 180) }],
    ['2xx', { type: 'success', response: response(asked, 200) }],
    ['3xx-6xx', { type: 'failure', response: response(asked, 486) }],
    [
      `${asked.method === 'INVITE' ? 'INVITE' : 'request'} again`,
      { type: 'request', request: asked },
    ],
    ['ACK', { type: 'ack', request: request('ACK') }],
    ['respond 100', responds(100)],
    ['respond 101-199', responds(180)],
    ['respond 2xx', responds(200)],
    ['respond 408', responds(408)],
    ['respond 3xx-6xx', responds(486)],
    ...timers.map((timer) => [`timer ${timer}`, { type: timer }] as const),
    ['transport error', { type: 'transportError', error }],
    [ABANDON, { type: 'abandon', error }],
  ]);
}

/** In every state that lives; a picture shows it in a word. */
export const ABANDON = 'abandon';

const of = (events: Events, name: string): TransactionEvent => {
  const event = events.get(name);
  if (!event) throw new RangeError(`no event ${name}`);
  return event;
};

const word = (effect: Effect): string =>
  effect.type === 'start'
    ? `start ${effect.timer}`
    : effect.type === 'fail'
      ? 'tell failure'
      : effect.type;

const methodOf = (kind: TransactionKind): string =>
  kind.startsWith('invite') ? 'INVITE' : 'OPTIONS';

export const request = (method: string): Request =>
  new Request({
    method,
    uri: 'sip:bob@biloxi.example',
    headers: {
      Via: 'SIP/2.0/UDP alice.example;branch=z9hG4bKshown',
      From: '<sip:alice@atlanta.example>;tag=a',
      To: '<sip:bob@biloxi.example>',
      'Call-ID': 'shown',
      CSeq: `1 ${method}`,
    },
  });

export const response = (to: Request, status: number): Response =>
  responseTo(to, status, { toTag: 'b' });
