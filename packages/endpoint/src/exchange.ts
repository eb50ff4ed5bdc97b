import type { SIPXError, Timer, TransportAddress, TransportProtocol } from '@sipx/contracts';
import { NetworkError, SIPXError as AnyError, UsageError } from '@sipx/contracts';
import type { Transaction } from '@sipx/fsm';
import type { HandlerChain } from '@sipx/handlers';
import { EventContext, type MaybePromise, Retry } from '@sipx/handlers';
import type { Message, Request, Response } from '@sipx/message';
import { serialize } from '@sipx/message';
import { cancelFor } from './cancel.ts';
import { Lane } from './lane.ts';
import type { Path, TransactionUser } from './runner.ts';
import type { Sender } from './sender.ts';

export interface ExchangeOptions {
  /** The handlers of whoever sends. */
  readonly chain: HandlerChain;
  /**
   * The next sequence number, from whoever counts them (dialog, registration, client): asked once for each
   * further attempt (RFC 3261 22.2).
   */
  readonly cseq: () => number;
  /** Where to send it, instead of where its Route or Request-URI says. */
  readonly destination?: TransportAddress;
  /** For a next hop whose URI names no transport. */
  readonly transport?: TransportProtocol;
  /** Completes each attempt's copy once the address that the peer can reach us at is known: for a Contact. */
  readonly prepare?: Prepare;
  /** Credentials for this request alone. */
  readonly auth?: NonNullable<EventContext['auth']>;
  readonly signal?: AbortSignal;
}

export type Prepare = (request: Request, local: TransportAddress) => void;

/** Where the responses to a request go. After `final` or `failed` comes nothing but `further`. */
export interface ResponseSink {
  provisional?(response: Response): void;
  final(response: Response): void;
  /** INVITE alone: a 2xx after the first, repeated or from another branch of a fork. */
  further?(response: Response): void;
  failed(error: SIPXError): void;
}

/** A challenge, a redirect and a retry or two; more is a loop. */
const MAX_ATTEMPTS = 8;

/**
 * One request and its responses, over as many attempts as the handlers ask for: the one attempt loop.
 * Each attempt is a transaction of its own with a new branch and CSeq, the same Call-ID and From tag.
 */
export class Exchange {
  readonly #sender: Sender;
  readonly #options: ExchangeOptions;
  readonly #sink: ResponseSink;
  readonly #metadata = new Map<string, unknown>();
  readonly #history: Response[] = [];
  readonly #abort = new AbortController();
  #attempt = 0;
  #state: State = { name: 'preparing' };
  #cancel: Timer | 'wanted' | undefined;

  constructor(sender: Sender, options: ExchangeOptions, sink: ResponseSink) {
    this.#sender = sender;
    this.#options = options;
    this.#sink = sink;
  }

  /** @internal The first attempt. */
  begin(request: Request): void {
    const { signal } = this.#options;
    if (signal?.aborted) this.#abort.abort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
    void this.#try(request);
  }

  /** The attempt that is on the wire, Via and all; undefined before the first one is. */
  get sent(): Request | undefined {
    return this.#state.name === 'waiting' ? this.#state.attempt.sent : undefined;
  }

  /**
   * Gives up. An INVITE on the wire is cancelled, once a provisional response allows that (RFC 3261 9.1), and
   * its final response still comes; anything else ends with SIPX_ABORTED and leaves its transaction to itself.
   * Idempotent.
   */
  cancel(): void {
    if (this.#state.name === 'waiting' && this.#state.attempt.sent.method === 'INVITE') {
      if (this.#cancel !== undefined) return;
      this.#cancel = 'wanted';
      if (this.#state.attempt.provisional) this.#sendCancel(this.#state.attempt);
    } else if (this.#state.name !== 'done') {
      this.#abort.abort();
      this.#fail(aborted());
    }
  }

  readonly #onAbort = (): void => this.cancel();

  async #try(base: Request, after = 0): Promise<void> {
    const { clock } = this.#sender;
    const { chain, auth } = this.#options;
    this.#attempt += 1;
    const context = new EventContext({
      request: base,
      direction: 'out',
      clock,
      signal: this.#abort.signal,
      metadata: this.#metadata,
      attempt: this.#attempt,
      ...(auth && { auth }),
    });
    try {
      if (after > 0) await this.#pause(after);
      this.#abort.signal.throwIfAborted();
      const outcome = await chain.runRequest(base, context);
      if (outcome.type === 'response') return this.#finish(outcome, base);
      const path = await this.#sender.path(outcome, this.#options, this.#abort.signal);
      if (this.#isDone) return;
      const sent = this.#sender.stamp(outcome, path, this.#options.prepare);
      const attempt: Attempt = { base, sent, path, context, lane: new Lane(), tags: new Set() };
      this.#state = { name: 'waiting', attempt };
      context.destination = path.to ?? path.connection.remote;
      const transaction = this.#sender.start(sent, serialize(sent), path, this.#user(attempt));
      context.transactionId = transaction.id;
      attempt.transaction = transaction;
    } catch (error) {
      await this.#failed(this.#abort.signal.aborted ? aborted() : asError(error), base, context);
    }
  }

  /** Waits between attempts; an abort ends the wait. */
  #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.#sender.clock.start(milliseconds, done);
      signal.addEventListener('abort', done);
    });
  }

  #user(attempt: Attempt): TransactionUser {
    return {
      deliver: (message) => void attempt.lane.run(() => this.#response(message, attempt)),
      failed: (error) =>
        void attempt.lane.run(() => this.#failed(error, attempt.base, attempt.context)),
    };
  }

  #response(message: Message, attempt: Attempt): Promise<void> | void {
    if (message.type !== 'response') return;
    if (this.#isDone) return this.#further(message, attempt);
    if (message.provisional && !attempt.provisional) {
      attempt.provisional = true;
      if (this.#cancel === 'wanted') this.#sendCancel(attempt);
    }
    const { base, context } = attempt;
    const broke = (error: unknown): Promise<void> => this.#failed(asError(error), base, context);
    let outcome: MaybePromise<Response | Retry>;
    try {
      outcome = this.#options.chain.runResponse(message, context);
    } catch (error) {
      return broke(error);
    }
    if (!(outcome instanceof Promise)) return this.#passed(outcome, attempt);
    return outcome.then((value) => this.#passed(value, attempt), broke);
  }

  #passed(outcome: Response | Retry, attempt: Attempt): void {
    if (this.#isDone) return;
    if (Retry.is(outcome)) {
      const { response } = attempt.context;
      if (response) this.#history.push(response);
      this.#again(outcome, attempt.base);
    } else if (outcome.provisional) {
      outcome.request = attempt.sent;
      this.#history.push(outcome);
      this.#sink.provisional?.(outcome);
    } else {
      const { tag } = outcome.to;
      if (outcome.ok && tag) attempt.tags.add(tag);
      this.#finish(outcome, attempt.sent);
    }
  }

  /** A 2xx of the INVITE's accepted state; handlers see it when it begins another dialog. */
  #further(response: Response, attempt: Attempt): Promise<void> | void {
    if (!response.ok || attempt.sent.method !== 'INVITE') return;
    const deliver = (): void => {
      response.request = attempt.sent;
      this.#sink.further?.(response);
    };
    const tag = response.to.tag ?? '';
    if (attempt.tags.has(tag)) return deliver();
    attempt.tags.add(tag);
    const outcome = this.#options.chain.runResponse(response, attempt.context);
    return outcome instanceof Promise ? outcome.then(deliver) : deliver();
  }

  async #failed(error: SIPXError, base: Request, context: EventContext): Promise<void> {
    if (this.#isDone) return;
    const outcome = await this.#options.chain.runError(error, context);
    if (this.#isDone) return;
    if (Retry.is(outcome)) this.#again(outcome, base);
    else this.#fail(outcome);
  }

  #again(retry: Retry, base: Request): void {
    if (this.#cancel !== undefined || this.#abort.signal.aborted) {
      this.#fail(aborted());
    } else if (this.#attempt >= MAX_ATTEMPTS) {
      this.#fail(
        new UsageError('SIPX_LIMIT_ATTEMPTS', 'the handlers asked for one more attempt', {
          expected: `at most ${MAX_ATTEMPTS} attempts`,
          got: String(this.#attempt + 1),
        }),
      );
    } else {
      this.#state = { name: 'preparing' };
      const next = retry.change(base).with({});
      next.headers.set('CSeq', `${this.#options.cseq()} ${next.method}`);
      void this.#try(next, retry.after);
    }
  }

  #finish(response: Response, request: Request): void {
    response.request = request;
    response.history = this.#history;
    this.#end();
    this.#sink.final(response);
  }

  #fail(error: SIPXError): void {
    this.#end();
    this.#sink.failed(error);
  }

  get #isDone(): boolean {
    return this.#state.name === 'done';
  }

  #end(): void {
    this.#state = { name: 'done' };
    if (typeof this.#cancel === 'object') this.#cancel.cancel();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  #sendCancel(attempt: Attempt): void {
    const sender = this.#sender;
    const cancel = cancelFor(attempt.sent);
    // Its own response says nothing that the INVITE's will not say better.
    sender.start(cancel, serialize(cancel), attempt.path, { deliver() {}, failed() {} });
    this.#cancel = sender.clock.start(64 * sender.timers.t1, () => {
      const { transaction } = attempt;
      if (transaction) sender.abandon(transaction, unanswered());
    });
  }
}

type State =
  | { readonly name: 'preparing' } // handlers, resolution, connecting, waiting to try again
  | { readonly name: 'waiting'; readonly attempt: Attempt }
  | { readonly name: 'done' };

interface Attempt {
  /** As its owner made it: what a further attempt is made from. */
  readonly base: Request;
  /** As it went out, Via and all. */
  readonly sent: Request;
  readonly path: Path;
  readonly context: EventContext;
  readonly lane: Lane;
  /** The To tags of the 2xx so far. */
  readonly tags: Set<string>;
  transaction?: Transaction;
  provisional?: boolean;
}

const unanswered = (): SIPXError =>
  new NetworkError('SIPX_CALL_CANCELLED', 'cancelled, and no final response came', {
    expected: '487 within 64·T1 (RFC 3261 9.1)',
    got: 'nothing',
  });

const aborted = (): SIPXError => new UsageError('SIPX_ABORTED', 'the request was aborted');

const asError = (error: unknown): SIPXError =>
  error instanceof AnyError
    ? error
    : new UsageError('SIPX_HANDLER_FAILED', 'sending the request failed', { cause: error });
