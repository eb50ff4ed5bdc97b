import { NetworkError, UsageError } from '@sipx/contracts';
import {
  type Effect,
  StateManager,
  type Step,
  type TimerName,
  type Transaction,
  type TransactionEvent,
  type TransactionKind,
} from '@sipx/fsm';
import { bytes, request, response } from './messages.ts';

export const TIMERS = ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M'] as const;

export const EVENTS = [
  'start',
  'provisional',
  'success',
  'failure',
  'request',
  'ack',
  'respond 100',
  'respond 180',
  'respond 200',
  'respond 300',
  'respond 408',
  'respond 486',
  'transportError',
  'abandon',
  'A',
  'B',
  'D',
  'E',
  'F',
  'G',
  'H',
  'I',
  'J',
  'K',
  'L',
  'M',
] as const;

export type EventName = (typeof EVENTS)[number];

export const isEvent = (name: string): name is EventName => EVENTS.some((event) => event === name);

const KINDS = ['invite-client', 'invite-server', 'non-invite-client', 'non-invite-server'] as const;

export const isKind = (name: string): name is TransactionKind =>
  KINDS.some((kind) => kind === name);

const VALUES = { t1: 500, t2: 4000, t4: 5000 } as const;

/** One transaction under test, and the words in which its tables are written. */
export class Play {
  readonly manager: StateManager = new StateManager();
  readonly transaction: Transaction;
  readonly #method: 'INVITE' | 'OPTIONS';

  constructor(kind: TransactionKind, reliable: boolean) {
    this.#method = kind.startsWith('invite') ? 'INVITE' : 'OPTIONS';
    const asked = ASKED[this.#method];
    const options = { reliable, timers: VALUES };
    this.transaction = kind.endsWith('client')
      ? this.manager.createClientTransaction(asked, bytes('request'), options)
      : this.manager.createServerTransaction(asked, options);
  }

  step(name: EventName): Step | undefined {
    return this.manager.step(this.transaction, eventOf(name, this.#method));
  }

  /** `completed [D] start D 32000, send ack, deliver 486`; `-` for a stray event. */
  tell(name: EventName): string {
    const step = this.step(name);
    if (!step) return '-';
    const effects = step.effects.map((effect) => this.word(effect)).join(', ');
    return `${step.state} [${step.keeps.join('')}] ${effects}`.trim();
  }

  word(effect: Effect): string {
    switch (effect.type) {
      case 'send':
        return `send ${firstWord(effect.bytes)}`;
      case 'deliver':
        return `deliver ${effect.message.type === 'response' ? effect.message.status : effect.message.method}`;
      case 'start':
        return `start ${effect.timer} ${effect.after}`;
      case 'fail':
        return `fail ${effect.error.code}`;
    }
  }
}

/** The runner of `endpoint` in small: keeps timers as a step says, and lets time pass. */
export class TimedPlay extends Play {
  now = 0;
  readonly log: string[] = [];
  /** Timers that fired, and those among them that no rule wanted. */
  readonly fired: TimerName[] = [];
  readonly wasted: TimerName[] = [];
  readonly #timers = new Map<TimerName, number>();

  /** Those that run. */
  get timers(): readonly TimerName[] {
    return [...this.#timers.keys()];
  }

  do(name: EventName): void {
    const step = this.step(name);
    if (!step) {
      this.log.push(`${this.now} stray ${name}`);
      return;
    }
    for (const timer of this.#timers.keys()) {
      if (!step.keeps.includes(timer)) this.#timers.delete(timer);
    }
    for (const effect of step.effects) {
      if (effect.type === 'start') this.#timers.set(effect.timer, this.now + effect.after);
      else this.log.push(`${this.now} ${this.word(effect)}`);
    }
    if (step.state === 'terminated') this.log.push(`${this.now} terminated`);
  }

  /** Fires what is due, in time's order, until `end` (ms). */
  until(end: number): this {
    for (;;) {
      const due = [...this.#timers].sort((a, b) => a[1] - b[1])[0];
      if (!due || due[1] > end) break;
      const [timer, at] = due;
      this.#timers.delete(timer);
      this.now = at;
      const { stray } = this.manager.gauges;
      this.do(timer);
      this.fired.push(timer);
      if (this.manager.gauges.stray > stray) this.wasted.push(timer);
    }
    this.now = end;
    return this;
  }
}

const firstWord = (sent: Uint8Array): string =>
  new TextDecoder().decode(sent).split(' ', 1)[0] ?? '';

const ASKED = { INVITE: request(), OPTIONS: request({ method: 'OPTIONS' }) } as const;

/** Read once: there are a good many plays. */
const EVENTS_MADE = new Map<string, TransactionEvent>();

const eventOf = (name: EventName, method: string): TransactionEvent => {
  const key = `${method} ${name}`;
  let event = EVENTS_MADE.get(key);
  if (!event) EVENTS_MADE.set(key, (event = made(name, method)));
  return event;
};

const made = (name: EventName, method: string): TransactionEvent => {
  switch (name) {
    case 'provisional':
      return { type: name, response: response(180, { method }) };
    case 'success':
      return { type: name, response: response(200, { method }) };
    case 'failure':
      return { type: name, response: response(486, { method }) };
    case 'request':
      return { type: name, request: request({ method }) };
    case 'ack':
      return { type: name, request: request({ method: 'ACK' }) };
    case 'abandon':
      return { type: name, error: new UsageError('SIPX_CLOSED', 'nobody waits') };
    case 'transportError':
      return { type: name, error: new NetworkError('SIPX_TRANSPORT_SEND', 'unreachable') };
    case 'respond 100':
    case 'respond 180':
    case 'respond 200':
    case 'respond 300':
    case 'respond 408':
    case 'respond 486': {
      const status = Number(name.slice(-3));
      return {
        type: 'respond',
        response: response(status, { method }),
        bytes: bytes(`${status}`),
      };
    }
    default:
      return { type: name };
  }
};
