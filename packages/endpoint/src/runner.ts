import type { Clock, Connection, SIPXError, TransportAddress } from '@sipx/contracts';
import { sameAddress } from '@sipx/contracts';
import type { StateManager, TimerName, Transaction, TransactionEvent } from '@sipx/fsm';
import type { Message } from '@sipx/message';
import { type Deadline, Deadlines, type Timed } from './deadlines.ts';

/** Where a transaction's news goes. */
export interface TransactionUser {
  deliver(message: Message): void;
  failed(error: SIPXError): void;
}

/** Where a transaction's bytes go: a connection, and the address on it where one reaches many. */
export interface Path {
  readonly connection: Connection;
  readonly to?: TransportAddress | undefined;
}

/** Gives the tables their events and does what they answer: the one place where a transaction meets time and sockets. */
export class Runner {
  readonly #deadlines: Deadlines<TimerName>;
  readonly #stateManager: StateManager;
  readonly #send: (path: Path, bytes: Uint8Array) => void;

  constructor(
    clock: Clock,
    stateManager: StateManager,
    send: (path: Path, bytes: Uint8Array) => void,
  ) {
    this.#deadlines = new Deadlines(clock);
    this.#stateManager = stateManager;
    this.#send = send;
  }

  start(transaction: Transaction, { connection, to }: Path, user: TransactionUser): void {
    transaction.run = new Run(this, transaction, connection, to, user);
  }

  /** Who hears of it; undefined once only repeats are answered. */
  userOf({ run }: Transaction): TransactionUser | undefined {
    return run instanceof Run && run.user !== nobody ? run.user : undefined;
  }

  dispatch(transaction: Transaction, event: TransactionEvent): void {
    const { run } = transaction;
    if (!(run instanceof Run)) return;
    const step = this.#stateManager.step(transaction, event);
    if (!step) return;
    const { user } = run;
    run.keepOnly(step.keeps);
    if (step.state === 'terminated') transaction.run = undefined;
    else if (isSpent(transaction)) run.user = nobody;
    for (const effect of step.effects) {
      if (effect.type === 'send') this.#send(run, effect.bytes);
      else if (effect.type === 'deliver') user.deliver(effect.message);
      else if (effect.type === 'fail') user.failed(effect.error);
      else run.time(this.#deadlines, effect.timer, effect.after);
    }
  }

  /** A connection broke, or a datagram to `to` did not go out: its transactions hear of it. */
  broken(connection: Connection, error: SIPXError, to?: TransportAddress): void {
    for (const transaction of [...this.#stateManager.transactions()]) {
      const { run } = transaction;
      if (!(run instanceof Run)) continue;
      const target = run.to ?? run.connection.remote;
      const hit = to ? target && sameAddress(target, to) : run.connection === connection;
      if (hit) this.dispatch(transaction, { type: 'transportError', error });
    }
  }

  /** Nobody waits for this transaction any more, though its table would go on: its user hears `why`. */
  abandon(transaction: Transaction, why: SIPXError): void {
    this.dispatch(transaction, { type: 'abandon', error: why });
  }

  /** Ends everything; who still waited hears `why`. */
  close(why: SIPXError): void {
    for (const transaction of [...this.#stateManager.transactions()]) {
      const { run } = transaction;
      this.abandon(transaction, why);
      if (run instanceof Run) run.keepOnly([]);
      transaction.run = undefined;
    }
  }
}

/** What a transaction has besides its state: its way out, its user and, two at most by the tables, its timers. */
class Run implements Path, Timed<TimerName> {
  readonly connection: Connection;
  readonly to: TransportAddress | undefined;
  user: TransactionUser;
  private readonly runner: Runner;
  private readonly transaction: Transaction;
  private first: Deadline<TimerName> | undefined = undefined;
  private second: Deadline<TimerName> | undefined = undefined;

  constructor(
    runner: Runner,
    transaction: Transaction,
    connection: Connection,
    to: TransportAddress | undefined,
    user: TransactionUser,
  ) {
    this.runner = runner;
    this.transaction = transaction;
    this.connection = connection;
    this.to = to;
    this.user = user;
  }

  /** A timer that runs already starts anew. */
  time(deadlines: Deadlines<TimerName>, name: TimerName, after: number): void {
    this.drop(name);
    const deadline = deadlines.start(after, name, this);
    if (this.first) this.second = deadline;
    else this.first = deadline;
  }

  expired(name: TimerName): void {
    this.drop(name);
    this.runner.dispatch(this.transaction, { type: name });
  }

  keepOnly(names: readonly TimerName[]): void {
    const { first, second } = this;
    if (first && !names.includes(first.name)) this.drop(first.name);
    if (second && !names.includes(second.name)) this.drop(second.name);
  }

  private drop(name: TimerName): void {
    if (this.second?.name === name) {
      this.second.cancel();
      this.second = undefined;
    } else if (this.first?.name === name) {
      this.first.cancel();
      this.first = this.second;
      this.second = undefined;
    }
  }
}

/**
 * Only repeats are answered from here on, by the machine: the user, and all that it holds, is let go long before the
 * last timer fires. An accepted INVITE of ours goes on, since a fork may bring further 2xx.
 */
const isSpent = ({ kind, state }: Transaction): boolean =>
  state === 'completed' ||
  state === 'confirmed' ||
  (state === 'accepted' && kind === 'invite-server');

const nobody: TransactionUser = { deliver() {}, failed() {} };
