import type { Clock, IdSource, SIPXError, Timer, TransportAddress } from '@sipx/contracts';
import { ProtocolError, UsageError } from '@sipx/contracts';
import type { Transaction } from '@sipx/fsm';
import type { EventContext, HandlerChain, MaybePromise } from '@sipx/handlers';
import type { Request, Response, ResponseToOptions } from '@sipx/message';
import { responseTo, serialize } from '@sipx/message';
import type { Lane } from './lane.ts';
import type { Path, Runner, TransactionUser } from './runner.ts';

/** Without a response by then, an INVITE gets its 100 (RFC 3261 17.2.1). */
const TRYING_AFTER = 200;

/** A request in its server transaction, on the way to its owner, and the way back for its responses. */
export class IncomingRequest implements TransactionUser {
  readonly request: Request;
  readonly context: EventContext;
  readonly source: TransportAddress;
  /** A Route header of ours was taken off: the request is to be sent on (RFC 3261 16.4). */
  readonly routed: boolean;
  /** The same request came by another way before: a user agent answers 482, a proxy does not care (8.2.2.2). */
  readonly merged: boolean;
  /** The tag of every response that this side makes to it (RFC 3261 8.2.6.2). */
  readonly toTag: string;

  readonly #parts: IncomingParts;
  readonly #trying: Timer | undefined;
  #last: { response: Response; bytes: Uint8Array } | undefined;

  /** @internal */
  constructor(parts: IncomingParts) {
    this.#parts = parts;
    this.request = parts.request;
    this.context = parts.context;
    this.source = parts.source;
    this.routed = parts.routed;
    this.merged = parts.merged;
    this.toTag = parts.request.to.tag ?? parts.ids.token();
    if (parts.request.method === 'INVITE') {
      this.#trying = parts.clock.start(TRYING_AFTER, () => this.#sendNow(this.reply(100)));
    }
  }

  get transaction(): Transaction {
    return this.#parts.transaction;
  }

  /** Aborts when a CANCEL came, the connection broke or the endpoint closes. */
  get signal(): AbortSignal {
    return this.#parts.abort.signal;
  }

  /** The address that the sender can reach us at: for a Contact. */
  local(): MaybePromise<TransportAddress> {
    return this.#parts.local();
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
   * Sends a response, through the handlers. After a final one only a further 2xx to INVITE goes out (RFC 6026).
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
    const { chain, lane } = this.#parts;
    if (chain.isEmpty) {
      this.#sendNow(answer);
      return;
    }
    return lane.run(() => {
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

  /** @internal A CANCEL that means this request. */
  cancel(): void {
    if (!this.#isFinal) this.#parts.abort.abort();
  }

  /** @internal The machine delivers nothing here but the ACK of a refusal, which nobody waits for. */
  deliver(): void {}

  /** @internal */
  failed(error: SIPXError): void {
    this.#trying?.cancel();
    this.#parts.failed(error);
    if (!this.#isFinal) this.#parts.abort.abort(error);
  }

  get #isFinal(): boolean {
    return this.#last !== undefined && this.#last.response.status >= 200;
  }

  #sendNow(response: Response): void {
    this.#trying?.cancel();
    // A handler may have held a response back until a later final one was sent.
    if (this.#isFinal && !response.ok) return;
    const bytes = serialize(response);
    this.#last = { response, bytes };
    this.#dispatchResponse(response, bytes);
  }

  #dispatchResponse(response: Response, bytes: Uint8Array): void {
    this.#parts.runner.dispatch(this.#parts.transaction, { type: 'respond', response, bytes });
  }
}

export interface IncomingParts {
  readonly request: Request;
  readonly transaction: Transaction;
  readonly context: EventContext;
  readonly chain: HandlerChain;
  readonly lane: Lane;
  readonly runner: Runner;
  readonly path: Path;
  readonly source: TransportAddress;
  readonly routed: boolean;
  readonly merged: boolean;
  readonly abort: AbortController;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly local: () => MaybePromise<TransportAddress>;
  /** The transaction ended in a failure: no ACK for a refusal, a broken connection. */
  readonly failed: (error: SIPXError) => void;
}

/** Handlers may replace a response on its way out; a retry has no meaning there. */
const asResponse = (outcome: unknown, sent: Response): Response =>
  isResponse(outcome) ? outcome : sent;

const isResponse = (value: unknown): value is Response =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'response';
