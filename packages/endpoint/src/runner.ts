import type { Clock, Connection, SIPXError, Timer, TransportAddress } from '@sipx/contracts';
import { sameAddress } from '@sipx/contracts';
import type { StateManager, TimerName, Transaction, TransactionEvent } from '@sipx/fsm';
import type { Message } from '@sipx/message';

/** Where a transaction's news goes. */
export interface TransactionUser {
  deliver(message: Message): void;
  failed(error: SIPXError): void;
}

/** Where a transaction's bytes go: a connection, and the address on it where one reaches many. */
export interface Path {
  readonly connection: Connection;
  readonly to?: TransportAddress;
}

interface Running {
  readonly transaction: Transaction;
  readonly path: Path;
  user: TransactionUser;
  /** Two at most, by the tables. */
  timers: readonly ActiveTimer[];
}

/** Gives the tables their events and does what they answer: the one place where a transaction meets time and sockets. */
export class Runner {
  readonly #clock: Clock;
  readonly #stateManager: StateManager;
  readonly #send: (path: Path, bytes: Uint8Array) => void;
  /** By the object: a client and a server transaction may share an id, as when an endpoint calls itself. */
  readonly #running = new Map<Transaction, Running>();

  constructor(
    clock: Clock,
    stateManager: StateManager,
    send: (path: Path, bytes: Uint8Array) => void,
  ) {
    this.#clock = clock;
    this.#stateManager = stateManager;
    this.#send = send;
  }

  start(transaction: Transaction, path: Path, user: TransactionUser): void {
    this.#running.set(transaction, { transaction, path, user, timers: NONE });
  }

  dispatch(transaction: Transaction, event: TransactionEvent): void {
    const running = this.#running.get(transaction);
    const step = running && this.#stateManager.step(transaction, event);
    if (!running || !step) return;
    const { path, user } = running;
    keepOnly(running, step.keeps);
    if (step.state === 'terminated') this.#running.delete(transaction);
    else if (isSpent(transaction)) running.user = nobody;
    for (const effect of step.effects) {
      if (effect.type === 'send') this.#send(path, effect.bytes);
      else if (effect.type === 'deliver') user.deliver(effect.message);
      else if (effect.type === 'fail') user.failed(effect.error);
      else this.#startTimer(running, effect.timer, effect.after);
    }
  }

  /** A connection broke, or a datagram to `to` did not go out: its transactions hear of it. */
  broken(connection: Connection, error: SIPXError, to?: TransportAddress): void {
    for (const { transaction, path } of [...this.#running.values()]) {
      const target = path.to ?? path.connection.remote;
      const hit = to ? target && sameAddress(target, to) : path.connection === connection;
      if (hit) this.dispatch(transaction, { type: 'transportError', error });
    }
  }

  /** Nobody waits for this transaction any more, though its table would go on: its user hears `why`. */
  abandon(transaction: Transaction, why: SIPXError): void {
    this.dispatch(transaction, { type: 'abandon', error: why });
  }

  /** Ends everything; who still waited hears `why`. */
  close(why: SIPXError): void {
    for (const running of [...this.#running.values()]) {
      this.abandon(running.transaction, why);
      keepOnly(running, []);
    }
    this.#running.clear();
  }

  #startTimer(running: Running, name: TimerName, after: number): void {
    const others = running.timers.filter((active) => active.name !== name || stop(active));
    const timer = this.#clock.start(after, () => {
      running.timers = running.timers.filter((active) => active.timer !== timer);
      this.dispatch(running.transaction, { type: name });
    });
    running.timers = [...others, { name, timer }];
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

interface ActiveTimer {
  readonly name: TimerName;
  readonly timer: Timer;
}

const NONE: readonly ActiveTimer[] = Object.freeze([]);

const keepOnly = (running: Running, names: readonly TimerName[]): void => {
  if (running.timers.length === 0) return;
  running.timers = running.timers.filter((active) => names.includes(active.name) || stop(active));
};

/** False, for a filter: what was stopped is kept no longer. */
const stop = ({ timer }: ActiveTimer): false => {
  timer.cancel();
  return false;
};
