import { SIPXError, UsageError } from '@sipx/contracts';
import type { Message, Request, Response } from '@sipx/message';
import {
  type Dialog,
  type DialogId,
  dialogIdOf,
  dialogIdOfSent,
  DialogState,
  DialogTable,
  formsDialog,
  terminated,
} from './dialog/index.ts';
import { type Observer, Observers } from './observers.ts';
import {
  RunningTransaction,
  type Step,
  type Transaction,
  type TransactionEvent,
  type TransactionOptions,
  TransactionState,
  TransactionTable,
} from './transaction/index.ts';

export interface StateManagerOptions {
  readonly limits?: {
    /**
     * Client and server transactions at once. 100,000. Beyond it each known dialog can have one more, and an INVITE
     * that is under way its CANCEL: what is up goes on, what is new is refused.
     */
    readonly transactions?: number;
    /**
     * 100,000. When they are there, an INVITE or SUBSCRIBE that would make one more is refused, and what is under way
     * makes no early dialog; what is answered all the same is let in, up to twice as many.
     */
    readonly dialogs?: number;
  };
  /** Who gives transactions their events and does what the steps say; for `transitionTo`. Not given: nobody does. */
  readonly run?: (transaction: Transaction, event: TransactionEvent) => void;
  /** An observer threw (SIPX_HANDLER_FAILED, its error as the cause); it is counted in `gauges` in any case. */
  readonly observerFailed?: (error: SIPXError) => void;
}

export interface Gauges {
  readonly transactions: number;
  readonly dialogs: number;
  /** Timers of transactions that run. Counted when it is read: one look at each transaction. */
  readonly timers: number;
  /** Octets that transactions hold to send again. Counted when it is read. */
  readonly bytesKept: number;
  /** Events that no rule wanted, since the start. */
  readonly stray: number;
  /** Observers that threw, since the start. */
  readonly observerFailures: number;
}

/**
 * Holds, finds and limits the transactions and dialogs of one endpoint. It starts no timer and does no I/O:
 * `step` says what is to be done, and its caller does it.
 */
export class StateManager {
  readonly #transactions: TransactionTable;
  readonly #dialogs: DialogTable;
  readonly #run: (transaction: Transaction, event: TransactionEvent) => void;
  readonly #transactionObservers: Observers<Transaction, TransactionState>;
  readonly #dialogObservers: Observers<Dialog, DialogState>;
  #stray = 0;
  #observerFailures = 0;

  constructor({ limits = {}, run, observerFailed }: StateManagerOptions = {}) {
    this.#transactions = new TransactionTable(limits.transactions ?? 100_000, (request) =>
      this.#isInDialog(request) ? this.#dialogs.size : 0,
    );
    this.#run = run ?? ((transaction, event) => void this.step(transaction, event));
    this.#dialogs = new DialogTable(limits.dialogs ?? 100_000);
    const failed = (cause: unknown): void => {
      this.#observerFailures += 1;
      observerFailed?.(new SIPXError('SIPX_HANDLER_FAILED', 'a state observer threw', { cause }));
    };
    this.#transactionObservers = new Observers(failed);
    this.#dialogObservers = new Observers(failed);
  }

  /**
   * Waits for the event `start` to send its first bytes.
   * @param bytes the request as it is sent, and sent again
   * @throws UsageError SIPX_TRANSACTION_EXISTS, SIPX_LIMIT_TRANSACTIONS, SIPX_LIMIT_DIALOGS, SIPX_USAGE (an ACK, or
   * no branch)
   */
  createClientTransaction(
    request: Request,
    bytes: Uint8Array,
    options: TransactionOptions,
  ): Transaction {
    if (formsDialog(request)) this.#dialogs.refuseWhenFull();
    return this.#born(this.#transactions.addClient(request, bytes, options));
  }

  /** @throws UsageError SIPX_TRANSACTION_EXISTS, SIPX_LIMIT_TRANSACTIONS, SIPX_LIMIT_DIALOGS, SIPX_USAGE (an ACK) */
  createServerTransaction(request: Request, options: TransactionOptions): Transaction {
    if (formsDialog(request)) this.#dialogs.refuseWhenFull();
    return this.#born(this.#transactions.addServer(request, options));
  }

  /** By the top Via's branch and the CSeq method (17.1.3). */
  findClientTransaction(response: Response): Transaction | undefined {
    return this.#transactions.clientOf(response);
  }

  /**
   * By branch, sent-by and method, or as RFC 2543 did when the branch has no magic cookie (17.2.3). An ACK
   * finds its INVITE's transaction, a CANCEL its own.
   */
  findServerTransaction(request: Request): Transaction | undefined {
    return this.#transactions.serverOf(request);
  }

  /** The INVITE server transaction that a CANCEL means (9.2). */
  findCancelled(cancel: Request): Transaction | undefined {
    return this.#transactions.cancelledBy(cancel);
  }

  /**
   * The transaction of the same request that came another way: a UAS answers the later one 482 (8.2.2.2). A
   * proxy on the same endpoint may see a request twice and a user agent behind it once: `core` keeps them apart.
   */
  findMerged(request: Request, core?: string): Transaction | undefined {
    return this.#transactions.mergedWith(request, core);
  }

  /**
   * Applies the machine's table. Undefined: the event has no place in this state; it is counted, and nothing
   * changed. A transaction that ends is dropped before the observers hear of it.
   */
  step(transaction: Transaction, event: TransactionEvent): Step | undefined {
    const running = owned(transaction);
    const previous = running.state;
    const step = running.advance(event);
    if (!step) {
      this.#stray += 1;
      return undefined;
    }
    if (step.state !== previous) {
      if (step.state === 'terminated') this.#transactions.remove(running);
      this.#transactionObservers.tell(step.state, transaction, previous);
    }
    return step;
  }

  /**
   * Moves a transaction, by an event that is the user's to make: `TERMINATED` by giving it up (its user hears
   * SIPX_ABORTED) when no event is given, another state by a response, say. The runner does what the step says.
   * @throws UsageError SIPX_USAGE_STATE: in the table the event does not lead from here to `state`; nothing happened
   */
  transitionTo(
    transaction: Transaction,
    state: TransactionState,
    event: TransactionEvent = { type: 'abandon', error: aborted() },
  ): void {
    const target = owned(transaction).target(event);
    if (target !== state) {
      throw new UsageError('SIPX_USAGE_STATE', `no way from ${transaction.state} to ${state}`, {
        expected: target ? `${target}, by ${event.type}` : `an event that ${transaction.state} has`,
        got: `${state}, by ${event.type}`,
      });
    }
    this.#run(transaction, event);
  }

  /** @throws UsageError SIPX_LIMIT_DIALOGS, SIPX_USAGE_STATE (known already) */
  addDialog(dialog: Dialog): void {
    this.#dialogs.add(dialog);
    this.#dialogObservers.tell(dialog.state, dialog, undefined);
  }

  /** Whether there may be one more early dialog; a confirmed one is less bound (see `limits`). */
  get hasRoomForDialog(): boolean {
    return this.#dialogs.hasRoom;
  }

  /**
   * Puts the dialog in the place of the one with its id; a terminated one is dropped.
   * @throws UsageError SIPX_DIALOG_UNKNOWN, SIPX_USAGE_STATE (a way that a dialog does not go: see `dialogMoves`)
   */
  updateDialog(dialog: Dialog): void {
    const { state } = this.#dialogs.replace(dialog);
    if (dialog.state === 'terminated') this.#dialogs.remove(dialog.id);
    if (dialog.state !== state) this.#dialogObservers.tell(dialog.state, dialog, state);
  }

  /** By its id, or by a message that was received in it. */
  findDialog(of: DialogId | Message): Dialog | undefined {
    const id = 'type' in of ? dialogIdOf(of) : of;
    return id && this.#dialogs.get(id);
  }

  /** Its observers hear that it is terminated. Nothing happens when it is gone already. */
  removeDialog(dialog: Dialog | DialogId): void {
    const removed = this.#dialogs.remove('id' in dialog ? dialog.id : dialog);
    if (removed) this.#dialogObservers.tell('terminated', terminated(removed), removed.state);
  }

  transactions(): IterableIterator<Transaction> {
    return this.#transactions[Symbol.iterator]();
  }

  dialogs(): IterableIterator<Dialog> {
    return this.#dialogs[Symbol.iterator]();
  }

  /** The observer is told of each entry into the state ('*': any). Returns what takes it off again. */
  onTransactionState(
    state: TransactionState | '*',
    observer: Observer<Transaction, TransactionState>,
  ): () => void {
    return this.#transactionObservers.add(state, observer);
  }

  /** As `onTransactionState`. */
  onDialogState(state: DialogState | '*', observer: Observer<Dialog, DialogState>): () => void {
    return this.#dialogObservers.add(state, observer);
  }

  get gauges(): Gauges {
    const living = this.#transactions;
    return {
      transactions: living.size,
      dialogs: this.#dialogs.size,
      get timers() {
        return living.sum(({ timers }) => timers);
      },
      get bytesKept() {
        return living.sum(({ bytesKept }) => bytesKept);
      },
      stray: this.#stray,
      observerFailures: this.#observerFailures,
    };
  }

  #isInDialog(request: Request): boolean {
    const sent = dialogIdOfSent(request);
    return this.findDialog(request) !== undefined || (sent && this.findDialog(sent)) !== undefined;
  }

  #born(transaction: RunningTransaction): Transaction {
    this.#transactionObservers.tell(transaction.state, transaction, undefined);
    return transaction;
  }
}

const aborted = (): SIPXError => new UsageError('SIPX_ABORTED', 'the transaction was given up');

const owned = (transaction: Transaction): RunningTransaction => {
  if (transaction instanceof RunningTransaction) return transaction;
  throw new UsageError('SIPX_USAGE', 'not a transaction of a StateManager', {
    expected: 'what createClientTransaction or createServerTransaction gave',
  });
};
