import type { Clock, SIPXError, Timer, TransportAddress, TransportProtocol } from '@sipx/contracts';
import { NetworkError, SIPXError as AnyError, UsageError } from '@sipx/contracts';
import type { HandlerChain } from '@sipx/handlers';
import { type EventContext, type MaybePromise, Retry } from '@sipx/handlers';
import type { Message, Request, Response, SipURI } from '@sipx/message';
import { serialize } from '@sipx/message';
import { Attempt } from './attempt.ts';
import { cancelFor } from './cancel.ts';
import type { Path } from './runner.ts';
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
  /** Whom to send it to, whatever its Route says: a dialog's strict router (RFC 3261 8.1.2). */
  readonly router?: SipURI | undefined;
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
  #sink: ResponseSink;
  // Made when they are asked for: most requests go out, are answered at once, and there are many.
  #metadata: Map<string, unknown> | undefined;
  #history: Response[] | undefined;
  #abort: AbortController | undefined;
  #aborted = false;
  #onAbort: (() => void) | undefined;
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
    if (signal?.aborted) this.#giveUp();
    else if (signal) {
      this.#onAbort = () => this.cancel();
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    this.#try(request);
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
      this.#giveUp();
      this.#fail(aborted());
    }
  }

  /** @internal Aborts when nobody waits for the request any more. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#aborted) this.#abort.abort();
    }
    return this.#abort.signal;
  }

  /** @internal For handlers, shared by all attempts. */
  get metadata(): Map<string, unknown> {
    this.#metadata ??= new Map();
    return this.#metadata;
  }

  /** @internal */
  get clock(): Clock {
    return this.#sender.clock;
  }

  /** @internal */
  get options(): ExchangeOptions {
    return this.#options;
  }

  #giveUp(): void {
    this.#aborted = true;
    this.#abort?.abort();
  }

  #try(base: Request, after = 0): void {
    this.#attempt += 1;
    const attempt = new Attempt(this, base, this.#attempt);
    // Nothing to wait for: no handler, no name to look up, no connection to make.
    const direct = after === 0 && this.#options.chain.isEmpty && !this.#aborted;
    const path = direct ? this.#sender.openPath(base, this.#options) : undefined;
    if (!path) {
      void this.#prepare(attempt, after);
      return;
    }
    try {
      this.#send(attempt, base, path);
    } catch (error) {
      void this.failed(asError(error), attempt);
    }
  }

  async #prepare(attempt: Attempt, after: number): Promise<void> {
    const { base, context } = attempt;
    try {
      if (after > 0) await this.#pause(after);
      this.signal.throwIfAborted();
      const outcome = await this.#options.chain.runRequest(base, context);
      if (outcome.type === 'response') return this.#finish(outcome, base);
      const path = await this.#sender.path(outcome, this.#options, this.signal);
      if (!this.#isDone) this.#send(attempt, outcome, path);
    } catch (error) {
      await this.failed(this.#aborted ? aborted() : asError(error), attempt);
    }
  }

  #send(attempt: Attempt, request: Request, path: Path): void {
    const sent = this.#sender.stamp(request, path, this.#options.prepare);
    const octets = serialize(sent);
    this.#state = { name: 'waiting', attempt };
    attempt.goes(sent, octets, path);
    attempt.runs(this.#sender.start(sent, octets, path, attempt));
  }

  /** Waits between attempts; an abort ends the wait. */
  #pause(milliseconds: number): Promise<void> {
    const { signal } = this;
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

  /** @internal A response to an attempt. */
  received(message: Message, attempt: Attempt): Promise<void> | void {
    if (message.type !== 'response') return;
    if (this.#isDone) return this.#further(message, attempt);
    if (message.provisional && !attempt.provisional) {
      attempt.provisional = true;
      if (this.#cancel === 'wanted') this.#sendCancel(attempt);
    }
    const { chain } = this.#options;
    if (chain.isEmpty) return this.#passed(message, attempt);
    const broke = (error: unknown): Promise<void> => this.failed(asError(error), attempt);
    let outcome: MaybePromise<Response | Retry>;
    try {
      outcome = chain.runResponse(message, attempt.context);
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
      if (response) this.#remember(response);
      this.#again(outcome, attempt.base);
    } else if (outcome.provisional) {
      outcome.request = attempt.sent;
      this.#remember(outcome);
      this.#sink.provisional?.(outcome);
    } else {
      const { sent } = attempt;
      if (outcome.ok) attempt.accepted(outcome.to.tag);
      this.#finish(outcome, sent);
    }
  }

  #remember(response: Response): void {
    this.#history ??= [];
    this.#history.push(response);
  }

  /** A 2xx of the INVITE's accepted state; handlers see it when it begins another dialog. */
  #further(response: Response, attempt: Attempt): Promise<void> | void {
    if (!response.ok || response.cseq.method !== 'INVITE') return;
    const deliver = (): void => {
      response.request = attempt.sent;
      this.#sink.further?.(response);
    };
    const tag = response.to.tag ?? '';
    if (attempt.tags.includes(tag)) return deliver();
    attempt.tags = [...attempt.tags, tag];
    const outcome = this.#options.chain.runResponse(response, attempt.context);
    return outcome instanceof Promise ? outcome.then(deliver) : deliver();
  }

  /** @internal An attempt came to nothing. */
  async failed(error: SIPXError, attempt: Attempt): Promise<void> {
    if (this.#isDone) return;
    const { chain } = this.#options;
    const outcome = await (chain.isEmpty ? error : chain.runError(error, attempt.context));
    if (this.#isDone) return;
    if (Retry.is(outcome)) this.#again(outcome, attempt.base);
    else this.#fail(outcome);
  }

  #again(retry: Retry, base: Request): void {
    if (this.#cancel !== undefined || this.#aborted) {
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
      this.#try(next, retry.after);
    }
  }

  #finish(response: Response, request: Request): void {
    response.request = request;
    if (this.#history) response.history = this.#history;
    const sink = this.#end();
    sink.final(response);
  }

  #fail(error: SIPXError): void {
    const sink = this.#end();
    sink.failed(error);
  }

  get #isDone(): boolean {
    return this.#state.name === 'done';
  }

  /** Who waits for no more is let go: an INVITE's transaction lives on, and this with it. */
  #end(): ResponseSink {
    const sink = this.#sink;
    if (!sink.further) this.#sink = NOBODY;
    this.#history = undefined;
    this.#state = DONE;
    if (typeof this.#cancel === 'object') this.#cancel.cancel();
    if (this.#onAbort) this.#options.signal?.removeEventListener('abort', this.#onAbort);
    return sink;
  }

  #sendCancel(attempt: Attempt): void {
    const sender = this.#sender;
    const { sent, path } = attempt;
    if (!path) return;
    const cancel = cancelFor(sent);
    // Its own response says nothing that the INVITE's will not say better.
    sender.start(cancel, serialize(cancel), path, { deliver() {}, failed() {} });
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

const DONE: State = { name: 'done' };

const NOBODY: ResponseSink = { final() {}, failed() {} };

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
