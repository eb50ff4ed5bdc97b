import type { Credentials } from '@sipx/auth';
import { type Clock, type TransportAddress, UsageError } from '@sipx/contracts';
import type { DialogId } from '@sipx/fsm';
import type { Request, Response } from '@sipx/message';
import { type RequestChange, Retry, type RetryOptions } from './retry.ts';

export interface EventContextOptions {
  readonly request: Request;
  readonly direction: 'out' | 'in';
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly destination?: TransportAddress | undefined;
  readonly transactionId?: string | undefined;
  readonly dialogId?: DialogId | undefined;
  readonly auth?: Credentials | undefined;
  readonly metadata?: Map<string, unknown> | undefined;
  readonly attempt?: number | undefined;
}

/** What is known of one request and its responses while they pass through the handlers. */
export class EventContext {
  /** As the handlers so far have left it. */
  request: Request;
  /** The last response that passed, if any. */
  response: Response | undefined;
  /** Where the request goes (`out`; undefined until that has been decided) or came from (`in`). */
  destination: TransportAddress | undefined;
  transactionId: string | undefined;
  /** Undefined outside of dialogs. */
  dialogId: DialogId | undefined;

  /** `out`: we sent the request; `in`: we received it. The same for the request and its responses. */
  readonly direction: 'out' | 'in';
  readonly clock: Clock;
  /** Aborts when nobody waits for the request any more: a CANCEL came, the caller gave up, it was closed. */
  readonly signal: AbortSignal;
  /** For handlers, to keep what they know from one message to the next; shared by all attempts. */
  readonly metadata: Map<string, unknown>;
  /** 1 for the first. */
  readonly attempt: number;

  /** Private, so that a context that is logged or serialized shows no secret. */
  readonly #auth: Credentials | undefined;

  constructor(options: EventContextOptions) {
    this.request = options.request;
    this.response = undefined;
    this.destination = options.destination;
    this.transactionId = options.transactionId;
    this.dialogId = options.dialogId;
    this.direction = options.direction;
    this.clock = options.clock;
    this.signal = options.signal;
    this.metadata = options.metadata ?? new Map();
    this.attempt = options.attempt ?? 1;
    this.#auth = options.auth;
  }

  /** The credentials given for this very request; they go before those of any handler. */
  get auth(): Credentials | undefined {
    return this.#auth;
  }

  /**
   * Asks for the request to be sent again with a change; return it from `onResponse` or `onError`.
   * @throws UsageError SIPX_USAGE_STATE for a request that came in
   */
  retry(change: RequestChange, options?: RetryOptions): Retry {
    if (this.direction === 'in') {
      throw new UsageError('SIPX_USAGE_STATE', 'a request that came in cannot be sent again', {
        expected: "a check of context.direction === 'out' before context.retry()",
      });
    }
    return new Retry(change, options);
  }

  /** The context of the next attempt: metadata, credentials, clock and signal go on. */
  next(request: Request): EventContext {
    return new EventContext({
      request,
      direction: this.direction,
      clock: this.clock,
      signal: this.signal,
      dialogId: this.dialogId,
      auth: this.#auth,
      metadata: this.metadata,
      attempt: this.attempt + 1,
    });
  }
}
