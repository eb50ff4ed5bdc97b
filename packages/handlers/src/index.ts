export { EventContext, type EventContextOptions } from './event-context.ts';
export { EventHandler, type MaybePromise } from './event-handler.ts';
export { HandlerChain } from './handler-chain.ts';
export { type RequestChange, Retry, type RetryOptions } from './retry.ts';
