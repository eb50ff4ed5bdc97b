import type { Request } from '@sipx/message';
import type { Effect } from './effect.ts';
import type { TransactionEvent } from './event.ts';
import { inviteClient, type InviteClientState } from './invite-client.ts';
import { inviteServer, type InviteServerState } from './invite-server.ts';
import type { MachineContext, Next, Rules, State } from './machine.ts';
import { isLegacy, toTag } from './matching.ts';
import { nonInviteClient, type NonInviteClientState } from './non-invite-client.ts';
import { nonInviteServer, type NonInviteServerState } from './non-invite-server.ts';
import type { TimerName } from './timer-name.ts';
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

  constructor(id: string, kind: TransactionKind, method: string) {
    this.id = id;
    this.kind = kind;
    this.method = method;
  }

  abstract readonly state: TransactionState;
  abstract readonly reliable: boolean;

  merged: boolean = false;
  run: unknown = undefined;

  /** Octets that it holds to send again. @internal */
  abstract readonly bytesKept: number;

  /** How many timers run. @internal */
  abstract readonly timers: number;

  /** Of a server transaction that others of the same request are compared with (8.2.2.2). @internal */
  mergedKey: string = '';

  /** The To tag of the response last given to a server transaction of RFC 2543: its ACK is matched by it. @internal */
  answered: string | undefined = undefined;

  /** Undefined: the event is stray and nothing changed. */
  abstract advance(event: TransactionEvent): Step | undefined;

  /** Where the event would lead; undefined where it is stray. */
  abstract target(event: TransactionEvent): TransactionState | undefined;
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
    context: MachineContext,
  ) {
    super(id, kind, method);
    this.#rules = rules;
    this.#state = initial;
    this.#context = context;
  }

  get reliable(): boolean {
    return this.#context.timers.reliable;
  }

  get state(): TransactionState {
    return this.#state.name;
  }

  get timers(): number {
    const { name, wait } = this.#state;
    if (wait === 0) return 0;
    const keeps = this.#rules[name]?.keeps ?? [];
    // Each fires into a state that does not keep it, or starts anew: those that are kept run.
    return keeps.filter((timer) => !this.reliable || !isRepeating(timer)).length;
  }

  get bytesKept(): number {
    return this.#state.bytes?.length ?? 0;
  }

  advance(event: TransactionEvent): Step | undefined {
    const next = this.#next(event);
    if (!next) return undefined;
    const { state, effects } = next;
    this.#state = state;
    if (event.type === 'respond' && isLegacy(this.id)) this.answered = toTag(event.response);
    return { state: state.name, keeps: this.#rules[state.name]?.keeps ?? [], effects };
  }

  target(event: TransactionEvent): TransactionState | undefined {
    return this.#next(event)?.state.name;
  }

  #next(event: TransactionEvent): Next<S> | undefined {
    return this.#rules[this.#state.name]?.on[event.type]?.(this.#state, event, this.#context);
  }
}

const isRepeating = (timer: TimerName): boolean => timer === 'A' || timer === 'E' || timer === 'G';

const RINGING: InviteServerState = Object.freeze({ name: 'proceeding' });
const TRYING: NonInviteServerState = Object.freeze({ name: 'trying', wait: 0 });

export const clientTransaction = (
  id: string,
  request: Request,
  bytes: Uint8Array,
  context: MachineContext,
): RunningTransaction => {
  const { method } = request;
  if (method === 'INVITE') {
    const calling: InviteClientState = { name: 'calling', wait: 0, request, bytes };
    return new Running(id, 'invite-client', method, inviteClient, calling, context);
  }
  const trying: NonInviteClientState = { name: 'trying', wait: 0, bytes };
  return new Running(id, 'non-invite-client', method, nonInviteClient, trying, context);
};

export const serverTransaction = (
  id: string,
  { method }: Request,
  context: MachineContext,
): RunningTransaction =>
  method === 'INVITE'
    ? new Running(id, 'invite-server', method, inviteServer, RINGING, context)
    : new Running(id, 'non-invite-server', method, nonInviteServer, TRYING, context);
