import { UsageError } from '@sipx/contracts';
import type { Request, Response } from '@sipx/message';
import { ShardedMap } from '../sharded-map.ts';
import { clientKey, mergedKey, refuseAck, serverKey, toTag } from './matching.ts';
import { clientTransaction, type RunningTransaction, serverTransaction } from './running.ts';
import { machineContext, type TimerValues } from './timers.ts';

export interface TransactionOptions {
  /** Whether the connection it runs over is. */
  readonly reliable: boolean;
  readonly timers: TimerValues;
  /** Which of several user agents on one endpoint a request came to: each merges its own alone (8.2.2.2). */
  readonly core?: string | undefined;
}

/** How many transactions beyond the limit may be there for the sake of what a request belongs to. */
export type Reserve = (request: Request) => number;

/** The living transactions, and how messages find them. */
export class TransactionTable {
  readonly #limit: number;
  readonly #reserve: Reserve;
  readonly #clients = new ShardedMap<RunningTransaction>();
  readonly #servers = new ShardedMap<RunningTransaction>();
  /** Server transactions that 8.2.2.2 compares a request with; the first of several equal ones. */
  readonly #initial = new ShardedMap<RunningTransaction>();

  /** A request is looked for and then added: its key is made once. */
  #keyed: Request | undefined;
  #key = '';

  /** @param limit client and server transactions together */
  constructor(limit: number, reserve: Reserve = () => 0) {
    this.#limit = limit;
    this.#reserve = reserve;
  }

  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  *[Symbol.iterator](): IterableIterator<RunningTransaction> {
    yield* this.#clients.values();
    yield* this.#servers.values();
  }

  sum(of: (transaction: RunningTransaction) => number): number {
    let total = 0;
    for (const transaction of this) total += of(transaction);
    return total;
  }

  addClient(request: Request, bytes: Uint8Array, options: TransactionOptions): RunningTransaction {
    refuseAck(request);
    const key = clientKey(request);
    if (key === '') {
      throw new UsageError('SIPX_USAGE', 'the request has no branch to match responses by', {
        expected: 'a branch in its top Via (RFC 3261 8.1.1.7)',
      });
    }
    const context = machineContext(options.timers, options.reliable);
    return this.#add(this.#clients, clientTransaction(key, request, bytes, context), request);
  }

  addServer(request: Request, options: TransactionOptions): RunningTransaction {
    refuseAck(request);
    const context = machineContext(options.timers, options.reliable);
    const transaction = serverTransaction(this.#keyOf(request), request, context);
    this.#keyed = undefined;
    this.#add(this.#servers, transaction, request);
    const merged = mergedKey(request, options.core);
    if (merged === '') return transaction;
    transaction.merged = this.#initial.has(merged);
    if (!transaction.merged) {
      this.#initial.set(merged, transaction);
      transaction.mergedKey = merged;
    }
    return transaction;
  }

  /** Once it has ended. */
  remove({ id, kind, mergedKey: merged }: RunningTransaction): void {
    if (kind === 'invite-client' || kind === 'non-invite-client') this.#clients.delete(id);
    else this.#servers.delete(id);
    if (merged !== '') this.#initial.delete(merged);
  }

  /** 17.1.3 */
  clientOf(response: Response): RunningTransaction | undefined {
    return this.#clients.get(clientKey(response));
  }

  /** 17.2.3 */
  serverOf(request: Request): RunningTransaction | undefined {
    const found = this.#servers.get(this.#keyOf(request));
    if (found?.answered === undefined || request.method !== 'ACK') return found;
    // Without the cookie the ACK for a 2xx looks like the INVITE's too; the tag tells whose response it is for.
    return found.answered === toTag(request) ? found : undefined;
  }

  /** 9.2 */
  cancelledBy(cancel: Request): RunningTransaction | undefined {
    return this.#servers.get(serverKey(cancel, 'INVITE'));
  }

  /** 8.2.2.2 */
  mergedWith(request: Request, core?: string): RunningTransaction | undefined {
    const first = this.#initial.get(mergedKey(request, core));
    return first && first.id !== serverKey(request) ? first : undefined;
  }

  #keyOf(request: Request): string {
    if (this.#keyed !== request) {
      this.#key = serverKey(request);
      this.#keyed = request;
    }
    return this.#key;
  }

  #add(
    side: ShardedMap<RunningTransaction>,
    transaction: RunningTransaction,
    request: Request,
  ): RunningTransaction {
    if (side.has(transaction.id)) {
      throw new UsageError('SIPX_TRANSACTION_EXISTS', 'a transaction with this key is under way', {
        expected: 'a fresh branch',
        got: transaction.id,
      });
    }
    if (!this.#hasRoom(request)) {
      throw new UsageError('SIPX_LIMIT_TRANSACTIONS', 'too many transactions at once', {
        expected: `at most ${this.#limit}`,
      });
    }
    side.set(transaction.id, transaction);
    return transaction;
  }

  /** A CANCEL ends what is there, of which each INVITE has one at most. */
  #hasRoom(request: Request): boolean {
    const { size } = this;
    if (size < this.#limit) return true;
    if (request.method !== 'CANCEL') return size < this.#limit + this.#reserve(request);
    return this.#clients.has(clientKey(request, 'INVITE')) || !!this.cancelledBy(request);
  }
}
