import type {
  Clock,
  Connection,
  IdSource,
  Logger,
  SIPXError,
  TransportAddress,
} from '@sipx/contracts';
import { ProtocolError, UsageError } from '@sipx/contracts';
import { keptOctets, type Transaction } from '@sipx/fsm';
import { EventContext, type HandlerChain, type MaybePromise } from '@sipx/handlers';
import type { Request, Response, ResponseToOptions } from '@sipx/message';
import { responseTo, serialize } from '@sipx/message';
import type { Deadline, Deadlines, Timed } from './deadlines.ts';
import type { Arrival } from './door.ts';
import { Lane } from './lane.ts';
import type { Runner, TransactionUser } from './runner.ts';

/** Without a response by then, an INVITE gets its 100 (RFC 3261 17.2.1). */
const TRYING_AFTER = 200;

/** A request in its server transaction, on the way to its owner, and the way back for its responses. */
export class IncomingRequest implements TransactionUser, Timed<'trying'> {
  readonly request: Request;
  readonly transaction: Transaction;
  readonly source: TransportAddress;
  /** A Route header of ours was taken off: the request is to be sent on (RFC 3261 16.4). */
  readonly routed: boolean;
  /** The tag of every response that this side makes to it (RFC 3261 8.2.6.2). */
  readonly toTag: string;

  readonly #home: IncomingHome;
  readonly #connection: Connection;
  readonly #chain: HandlerChain;
  #trying: Deadline<'trying'> | undefined;
  #last: { response: Response; bytes: Uint8Array } | undefined;
  // Made when they are asked for: most requests are answered before anybody does, and there are many.
  #lane: Lane | undefined;
  #context: EventContext | undefined;
  #abort: AbortController | undefined;
  #aborted = false;
  #onAbort: (() => void) | undefined;

  /** @internal */
  constructor(
    home: IncomingHome,
    { connection, from, routed }: Arrival,
    request: Request,
    transaction: Transaction,
    chain: HandlerChain,
  ) {
    this.#home = home;
    this.#connection = connection;
    this.#chain = chain;
    this.request = request;
    this.transaction = transaction;
    this.source = from;
    this.routed = routed;
    this.toTag = request.to.tag ?? home.ids.token();
  }

  /** The same request came by another way before: a user agent answers 482, a proxy does not care (8.2.2.2). */
  get merged(): boolean {
    return this.transaction.merged;
  }

  /** What the handlers are given. */
  get context(): EventContext {
    this.#context ??= new EventContext({
      request: this.request,
      direction: 'in',
      clock: this.#home.clock,
      signal: this.signal,
      destination: this.source,
      transactionId: this.transaction.id,
    });
    return this.#context;
  }

  /**
   * Aborts when a CANCEL came, the connection broke or the endpoint closes; outside INVITE also after 64·T1, when
   * whoever asked waits no longer and no answer goes out any more (RFC 4320 4.2).
   */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#aborted) this.#abort.abort();
    }
    return this.#abort.signal;
  }

  /** Once when `signal` aborts, for who needs none: requests are many, and few are given up. */
  onAbort(listener: () => void): void {
    const others = this.#onAbort;
    this.#onAbort = others ? () => (others(), listener()) : listener;
  }

  /** @internal Keeps its messages in order while handlers work. */
  get lane(): Lane {
    this.#lane ??= new Lane();
    return this.#lane;
  }

  /** The address that the sender can reach us at: for a Contact. */
  local(): MaybePromise<TransportAddress> {
    return this.#home.localFor(this.#connection, this.source);
  }

  /** The status of the last response sent; undefined before the first. */
  get status(): number | undefined {
    return this.#last?.response.status;
  }

  /** A response to this request with its own To tag; not sent. */
  reply(status: number, options: ResponseToOptions = {}): Response {
    return responseTo(this.request, status, { toTag: this.toTag, ...options });
  }

  /**
   * Sends a response, through the handlers. After a final one only a further 2xx to INVITE goes out (RFC 6026). To
   * other requests than INVITE no provisional response goes out but 100, and that one by itself, when it is due, over
   * UDP not before (RFC 4320 4.1); and no 408 (4.2).
   * @throws UsageError SIPX_USAGE_STATE when a final response was sent already
   */
  respond(response: Response | number, options?: ResponseToOptions): MaybePromise<void> {
    const answer = typeof response === 'number' ? this.reply(response, options) : response;
    if (this.#isFinal && !(answer.ok && this.#last?.response.ok)) {
      throw new UsageError('SIPX_USAGE_STATE', 'the request has had its final response', {
        expected: 'one final response',
        got: `${this.status} and then ${answer.status}`,
      });
    }
    const chain = this.#chain;
    if (chain.isEmpty) {
      this.#sendNow(answer);
      return;
    }
    return this.lane.run(() => {
      const outcome = chain.runResponse(answer, this.context);
      return outcome instanceof Promise
        ? outcome.then((passed) => this.#sendNow(asResponse(passed, answer)))
        : this.#sendNow(asResponse(outcome, answer));
    });
  }

  /** The last response once more, as the same bytes: what the INVITE core does until the ACK (RFC 3261 13.3.1.4). */
  repeat(): void {
    if (this.#last) this.#dispatchResponse(this.#last.response, this.#last.bytes);
  }

  /**
   * @internal An owner or handler failed, past the handlers, unless there is a final response already: 400 where
   * the request itself is to blame, else 500.
   */
  broke(error: unknown): void {
    if (!this.#isFinal) this.#sendNow(this.reply(error instanceof ProtocolError ? 400 : 500));
  }

  /** @internal Its owner has it: whoever sent it hears in time that it came. */
  expectAnswer(): void {
    if (this.#last || this.#aborted) return;
    const { trying, lateTrying, runner } = this.#home;
    const isInvite = this.transaction.kind === 'invite-server';
    if (!isInvite) runner.dispatch(this.transaction, { type: 'start' });
    this.#trying = trying.start(isInvite ? TRYING_AFTER : lateTrying, 'trying', this);
  }

  /** @internal */
  expired(): void {
    this.#say(this.reply(100));
  }

  /** @internal A CANCEL that means this request. */
  cancel(): void {
    if (!this.#isFinal) this.#giveUp();
  }

  /** @internal The machine delivers nothing here but the ACK of a refusal, which nobody waits for. */
  deliver(): void {}

  /** @internal */
  failed(error: SIPXError): void {
    this.#trying?.cancel();
    this.#home.logger.debug({ code: error.code, method: this.request.method }, 'no answer');
    if (!this.#isFinal) this.#giveUp();
  }

  #giveUp(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#abort?.abort();
    this.#onAbort?.();
  }

  get #isFinal(): boolean {
    return this.#last !== undefined && this.#last.response.status >= 200;
  }

  #sendNow(response: Response): void {
    // A handler may have held a response back until a later final one was sent.
    if (this.#isUntimely(response) || (this.#isFinal && !response.ok)) return;
    this.#trying?.cancel();
    this.#say(response);
  }

  /** RFC 4320 4.1 */
  #isUntimely({ status }: Response): boolean {
    const { kind, reliable } = this.transaction;
    if (status >= 200 || kind === 'invite-server') return false;
    return status !== 100 || (!reliable && !this.#last);
  }

  #say(response: Response): void {
    const bytes = serialize(response);
    // The 2xx of an INVITE is its owner's to repeat, which has to be done with its ACK.
    const isKept = !response.ok || this.request.method !== 'INVITE';
    this.#last = { response, bytes: isKept ? keptOctets(bytes) : bytes };
    this.#dispatchResponse(response, this.#last.bytes);
  }

  #dispatchResponse(response: Response, bytes: Uint8Array): void {
    this.#home.runner.dispatch(this.transaction, { type: 'respond', response, bytes });
  }
}

/** What all requests of an endpoint share. */
export interface IncomingHome {
  readonly runner: Runner;
  readonly trying: Deadlines<'trying'>;
  /** Milliseconds after which a request that is no INVITE gets its 100. */
  readonly lateTrying: number;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly localFor: (
    connection: Connection,
    remote: TransportAddress,
  ) => MaybePromise<TransportAddress>;
}

/** Handlers may replace a response on its way out; a retry has no meaning there. */
const asResponse = (outcome: unknown, sent: Response): Response =>
  isResponse(outcome) ? outcome : sent;

const isResponse = (value: unknown): value is Response =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'response';
