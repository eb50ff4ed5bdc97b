import type { Request, Response } from '@sipx/message';
import type { Effect } from './effect.ts';
import type { TransactionEvent } from './event.ts';
import {
  type ClientMachineContext,
  inviteClient,
  type InviteClientState,
} from './invite-client.ts';
import {
  inviteServer,
  type InviteServerState,
  type ServerMachineContext,
} from './invite-server.ts';
import type { Rules, State } from './machine.ts';
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
  readonly reliable: boolean;
  readonly request: Request;

  constructor(id: string, kind: TransactionKind, reliable: boolean, request: Request) {
    this.id = id;
    this.kind = kind;
    this.reliable = reliable;
    this.request = request;
  }

  get method(): string {
    return this.request.method;
  }

  abstract readonly state: TransactionState;

  /** Of a server transaction that others of the same request are compared with (8.2.2.2). @internal */
  mergedKey: string = '';

  /** The response last given to a server transaction of RFC 2543, whose ACK is matched by its To tag. @internal */
  answered: Response | undefined;

  /** Undefined: the event is stray and nothing changed. */
  abstract advance(event: TransactionEvent): Step | undefined;
}

class Running<
  S extends State,
  C extends { readonly timers: TimerProfile },
> extends RunningTransaction {
  readonly #rules: Rules<S, C>;
  readonly #context: C;
  #state: S;

  constructor(
    id: string,
    kind: TransactionKind,
    request: Request,
    rules: Rules<S, C>,
    initial: S,
    context: C,
  ) {
    super(id, kind, context.timers.reliable, request);
    this.#rules = rules;
    this.#state = initial;
    this.#context = context;
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

const CALLING: InviteClientState = Object.freeze({ name: 'calling', wait: 0 });
const ASKING: NonInviteClientState = Object.freeze({ name: 'trying', wait: 0 });
const RINGING: InviteServerState = Object.freeze({ name: 'proceeding' });
const TRYING: NonInviteServerState = Object.freeze({ name: 'trying' });

export const clientTransaction = (id: string, context: ClientMachineContext): RunningTransaction =>
  context.request.method === 'INVITE'
    ? new Running(id, 'invite-client', context.request, inviteClient, CALLING, context)
    : new Running(id, 'non-invite-client', context.request, nonInviteClient, ASKING, context);

export const serverTransaction = (
  id: string,
  request: Request,
  context: ServerMachineContext,
): RunningTransaction =>
  request.method === 'INVITE'
    ? new Running(id, 'invite-server', request, inviteServer, RINGING, context)
    : new Running(id, 'non-invite-server', request, nonInviteServer, TRYING, context);
