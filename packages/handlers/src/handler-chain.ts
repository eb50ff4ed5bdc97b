import { SIPXError, UsageError } from '@sipx/contracts';
import type { Request, Response } from '@sipx/message';
import type { EventContext } from './event-context.ts';
import type { EventHandler, MaybePromise } from './event-handler.ts';
import { Retry } from './retry.ts';

/**
 * The chain of responsibility: handlers run in the order in which they were added, for requests and for
 * responses. A pass is synchronous as long as each handler in it is.
 *
 * A pass keeps the handlers that it began with, whatever is added or removed meanwhile.
 */
export class HandlerChain {
  #handlers: readonly EventHandler[] = [];

  constructor(handlers: Iterable<EventHandler> = []) {
    this.#handlers = [...handlers];
  }

  get handlers(): readonly EventHandler[] {
    return this.#handlers;
  }

  /** Nothing to run: whoever drives the chain may spare itself the context. */
  get isEmpty(): boolean {
    return this.#handlers.length === 0;
  }

  /** Puts it last. */
  addHandler(handler: EventHandler): this {
    this.#handlers = [...this.#handlers, handler];
    return this;
  }

  /** False when it was not in the chain. One that was added twice loses its first place. */
  removeHandler(handler: EventHandler): boolean {
    const at = this.#handlers.indexOf(handler);
    if (at < 0) return false;
    this.#handlers = this.#handlers.toSpliced(at, 1);
    return true;
  }

  /**
   * The request to go on with, or the response that a handler gave to it.
   * @throws UsageError SIPX_HANDLER_FAILED (a rejection once a handler was asynchronous)
   */
  runRequest(request: Request, context: EventContext): MaybePromise<Request | Response> {
    context.request = request;
    return this.isEmpty ? request : run(requestPass, this.#handlers, 0, request, context);
  }

  /**
   * The response to go on with, or the wish to send the request again.
   * @throws UsageError SIPX_HANDLER_FAILED (a rejection once a handler was asynchronous)
   */
  runResponse(response: Response, context: EventContext): MaybePromise<Response | Retry> {
    context.response = response;
    return this.isEmpty ? response : run(responsePass, this.#handlers, 0, response, context);
  }

  /**
   * The error as it came, or the wish to send the request again.
   * @throws UsageError SIPX_HANDLER_FAILED (a rejection once a handler was asynchronous)
   */
  runError(error: SIPXError, context: EventContext): MaybePromise<SIPXError | Retry> {
    return this.isEmpty ? error : run(errorPass, this.#handlers, 0, error, context);
  }
}

/** One kind of pass: `Value` goes from handler to handler, `End` stops it. */
interface Pass<Value, End> {
  readonly method: keyof EventHandler;
  readonly returns: string;
  call(
    handler: EventHandler,
    value: Value,
    context: EventContext,
  ): MaybePromise<Value | End | void>;
  /** Takes over what the handler returned; undefined when it is not for this pass. */
  take(result: Value | End, context: EventContext): Step<Value, End> | undefined;
}

type Step<Value, End> =
  | { readonly ends: false; readonly value: Value }
  | { readonly ends: true; readonly value: End };

const requestPass: Pass<Request, Response> = {
  method: 'onRequest',
  returns: 'a Request, a Response or nothing',
  call: (handler, request, context) => handler.onRequest?.(request, context),
  take(result, context) {
    if (result.type === 'request') {
      context.request = result;
      return { ends: false, value: result };
    }
    return result.type === 'response' ? { ends: true, value: result } : undefined;
  },
};

const responsePass: Pass<Response, Retry> = {
  method: 'onResponse',
  returns: 'a Response, context.retry(…) or nothing',
  call: (handler, response, context) => handler.onResponse?.(response, context),
  take(result, context) {
    if (Retry.is(result)) return { ends: true, value: result };
    if (result.type !== 'response') return undefined;
    context.response = result;
    return { ends: false, value: result };
  },
};

const errorPass: Pass<SIPXError, Retry> = {
  method: 'onError',
  returns: 'context.retry(…) or nothing',
  call: (handler, error, context) => handler.onError?.(error, context),
  take: (result) => (Retry.is(result) ? { ends: true, value: result } : undefined),
};

const run = <Value, End>(
  pass: Pass<Value, End>,
  handlers: readonly EventHandler[],
  from: number,
  start: Value,
  context: EventContext,
): MaybePromise<Value | End> => {
  let value = start;
  for (let at = from; at < handlers.length; at += 1) {
    const handler = handlers[at] as EventHandler;
    let result: MaybePromise<Value | End | void>;
    try {
      result = pass.call(handler, value, context);
    } catch (cause) {
      throw failed(pass, handler, cause);
    }
    if (result === undefined) continue;
    if (isPromise(result)) {
      const before = value;
      return result.then(
        (settled) => {
          if (settled === undefined) return run(pass, handlers, at + 1, before, context);
          const step = stepOf(pass, handler, settled as Value | End, context);
          return step.ends ? step.value : run(pass, handlers, at + 1, step.value, context);
        },
        (cause: unknown) => {
          throw failed(pass, handler, cause);
        },
      );
    }
    const step = stepOf(pass, handler, result as Value | End, context);
    if (step.ends) return step.value;
    value = step.value;
  }
  return value;
};

const stepOf = <Value, End>(
  pass: Pass<Value, End>,
  handler: EventHandler,
  result: Value | End,
  context: EventContext,
): Step<Value, End> => {
  const step = result === null ? undefined : pass.take(result, context);
  if (step) return step;
  throw new UsageError('SIPX_HANDLER_FAILED', `${nameOf(handler)}.${pass.method} is misused`, {
    expected: pass.returns,
    got: kindOf(result),
  });
};

const failed = (pass: { method: string }, handler: EventHandler, cause: unknown): SIPXError =>
  new UsageError('SIPX_HANDLER_FAILED', `${nameOf(handler)}.${pass.method} failed`, { cause });

const nameOf = (handler: EventHandler): string => handler.constructor?.name || 'a handler';

/** Never the value itself: it may hold a secret. */
const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : typeof value === 'object'
      ? (value.constructor?.name ?? 'an object')
      : typeof value;

const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> =>
  typeof value === 'object' &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function';
