import type { SIPXError } from '@sipx/contracts';
import { keptOctets, type Transaction } from '@sipx/fsm';
import { EventContext, type MaybePromise } from '@sipx/handlers';
import { type Message, parseMessage, type Request } from '@sipx/message';
import type { Exchange } from './exchange.ts';
import { Lane } from './lane.ts';
import type { Path, TransactionUser } from './runner.ts';

/** One of the transactions that an exchange takes, and what it has to know until the last response. */
export class Attempt implements TransactionUser {
  /** A provisional response came: a CANCEL may go (RFC 3261 9.1). */
  provisional = false;
  /** The To tags of the 2xx so far. */
  tags: readonly string[] = NO_TAGS;

  private readonly exchange: Exchange;
  private readonly number: number;
  private of: Request | undefined;
  private request: Request | undefined = undefined;
  private octets: Uint8Array | undefined = undefined;
  private way: Path | undefined = undefined;
  private running: Transaction | undefined = undefined;
  private known: EventContext | undefined = undefined;
  private queue: Lane | undefined = undefined;

  constructor(exchange: Exchange, base: Request, number: number) {
    this.exchange = exchange;
    this.of = base;
    this.number = number;
  }

  /** As its owner made it: what a further attempt is made from. */
  get base(): Request {
    return this.of ?? this.sent;
  }

  /** As it went out, Via and all. */
  get sent(): Request {
    if (this.request) return this.request;
    // Set when it went out.
    return parseMessage(this.octets ?? new Uint8Array()) as Request;
  }

  get path(): Path | undefined {
    return this.way;
  }

  get transaction(): Transaction | undefined {
    return this.running;
  }

  /** What the handlers are given. */
  get context(): EventContext {
    const { exchange } = this;
    this.known ??= new EventContext({
      request: this.base,
      direction: 'out',
      clock: exchange.clock,
      signal: exchange.signal,
      destination: destinationOf(this.way),
      transactionId: this.running?.id,
      auth: exchange.options.auth,
      metadata: exchange.metadata,
      attempt: this.number,
    });
    return this.known;
  }

  goes(sent: Request, octets: Uint8Array, path: Path): void {
    this.request = sent;
    this.octets = octets;
    this.way = path;
    if (this.known) this.known.destination = destinationOf(path);
  }

  runs(transaction: Transaction): void {
    this.running = transaction;
    if (this.known) this.known.transactionId = transaction.id;
  }

  /**
   * The first 2xx came. An INVITE waits 64·T1 for those of other branches of a fork, and few come: what they need of
   * the request is then read again from its octets.
   */
  accepted(tag: string | undefined): void {
    if (tag) this.tags = [tag];
    if (this.octets && this.request?.method === 'INVITE') this.octets = keptOctets(this.octets);
    this.request = undefined;
    this.of = undefined;
    this.way = undefined;
    this.running = undefined;
  }

  deliver(message: Message): void {
    const { exchange } = this;
    if (exchange.options.chain.isEmpty && !this.queue) void exchange.received(message, this);
    else void this.inTurn(() => exchange.received(message, this));
  }

  failed(error: SIPXError): void {
    void this.inTurn(() => this.exchange.failed(error, this));
  }

  private inTurn(task: () => MaybePromise<void>): MaybePromise<void> {
    this.queue ??= new Lane();
    return this.queue.run(task);
  }
}

const NO_TAGS: readonly string[] = Object.freeze([]);

const destinationOf = (path: Path | undefined): EventContext['destination'] =>
  path && (path.to ?? path.connection.remote);
