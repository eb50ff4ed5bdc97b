import type { Request, Response } from '@sipx/message';
import type { Effect } from './effect.ts';
import type { TransactionEvent } from './event.ts';
import { inviteClient, type InviteClientState } from './invite-client.ts';
import { inviteServer, type InviteServerState } from './invite-server.ts';
import type { MachineContext, Rules, State } from './machine.ts';
import { isLegacy } from './matching.ts';
import { nonInviteClient, type NonInviteClientState } from './non-invite-client.ts';
import { nonInviteServer, type NonInviteServerState } from './non-invite-server.ts';
import type { TimerName } from './timer-name.ts';
import type { TimerProfile } from './timers.ts';
import type { Transaction, TransactionKind, TransactionState } from './transaction.ts';

/** What one event did. */
export interface Step {
  readonly state: TransactionState;
  /** Timers that live on; the runner cancels all others of this transaction before it does the effects. */
  readonly keeps: readonly TimerName[];
  readonly effects: readonly Effect[];
}

/** A transaction with its machine: the one place where a state is replaced by the next. */
export abstract class RunningTransaction implements Transaction {
  readonly id: string;
  readonly kind: TransactionKind;
  readonly method: string;
  readonly reliable: boolean;

  constructor(id: string, kind: TransactionKind, method: string, reliable: boolean) {
    this.id = id;
    this.kind = kind;
    this.method = method;
    this.reliable = reliable;
  }

  abstract readonly state: TransactionState;

  /** Of a server transaction that others of the same request are compared with (8.2.2.2). @internal */
  mergedKey: string = '';

  /** The response last given to a server transaction of RFC 2543, whose ACK is matched by its To tag. @internal */
  answered: Response | undefined;

  /** Undefined: the event is stray and nothing changed. */
  abstract advance(event: TransactionEvent): Step | undefined;
}

class Running<S extends State> extends RunningTransaction {
  readonly #rules: Rules<S, MachineContext>;
  readonly #context: MachineContext;
  #state: S;

  constructor(
    id: string,
    kind: TransactionKind,
    method: string,
    rules: Rules<S, MachineContext>,
    initial: S,
    timers: TimerProfile,
  ) {
    super(id, kind, method, timers.reliable);
    this.#rules = rules;
    this.#state = initial;
    this.#context = { timers };
  }

  get state(): TransactionState {
    return this.#state.name;
  }

  advance(event: TransactionEvent): Step | undefined {
    const rule = this.#rules[this.#state.name]?.on[event.type];
    const next = rule?.(this.#state, event, this.#context);
    if (!next) return undefined;
    this.#state = next.state;
    if (event.type === 'respond' && isLegacy(this.id)) this.answered = event.response;
    const { name } = next.state;
    return { state: name, keeps: this.#rules[name]?.keeps ?? [], effects: next.effects };
  }
}

const RINGING: InviteServerState = Object.freeze({ name: 'proceeding' });
const TRYING: NonInviteServerState = Object.freeze({ name: 'trying' });

export const clientTransaction = (
  id: string,
  request: Request,
  bytes: Uint8Array,
  timers: TimerProfile,
): RunningTransaction => {
  const { method } = request;
  if (method === 'INVITE') {
    const calling: InviteClientState = { name: 'calling', wait: 0, request, bytes };
    return new Running(id, 'invite-client', method, inviteClient, calling, timers);
  }
  const trying: NonInviteClientState = { name: 'trying', wait: 0, bytes };
  return new Running(id, 'non-invite-client', method, nonInviteClient, trying, timers);
};

export const serverTransaction = (
  id: string,
  { method }: Request,
  timers: TimerProfile,
): RunningTransaction =>
  method === 'INVITE'
    ? new Running(id, 'invite-server', method, inviteServer, RINGING, timers)
    : new Running(id, 'non-invite-server', method, nonInviteServer, TRYING, timers);
