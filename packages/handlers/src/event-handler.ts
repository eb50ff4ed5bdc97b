import type { SIPXError } from '@sipx/contracts';
import type { Request, Response } from '@sipx/message';
import type { EventContext } from './event-context.ts';
import type { Retry } from './retry.ts';

export type MaybePromise<T> = T | Promise<T>;

/**
 * A handler observes and decorates what passes; it runs no transaction, dialog or call. Extend it, or give any
 * object with one of these methods. A synchronous method keeps the message's way synchronous; a promise holds
 * back later messages of the same transaction.
 *
 * What a method throws fails that request with SIPX_HANDLER_FAILED, and nothing else.
 */
export abstract class EventHandler {
  /**
   * A request on its way out (`context.direction` is `out`) or one that came in (`in`). Return another Request
   * to go on with that one, or a Response to answer at once: later handlers and the network do not see it then.
   */
  onRequest?(request: Request, context: EventContext): MaybePromise<Request | Response | void>;

  /**
   * A response that came in for our request (`out`), or our own to a request that came in (`in`), provisional
   * ones too. Return another Response to go on with that one, or `context.retry(…)` to have the request sent
   * again instead; the response of that attempt enters the chain anew.
   */
  onResponse?(response: Response, context: EventContext): MaybePromise<Response | Retry | void>;

  /** No final response will come: a timeout, a broken network. Return `context.retry(…)` to try again. */
  onError?(error: SIPXError, context: EventContext): MaybePromise<Retry | void>;
}
