export type { Credentials } from '@sipx/auth';
export {
  AuthenticationHandler,
  type AuthenticationHandlerOptions,
} from './authentication-handler.ts';
export { EventContext, type EventContextOptions } from './event-context.ts';
export { EventHandler, type MaybePromise } from './event-handler.ts';
export { HandlerChain } from './handler-chain.ts';
export { LoggingHandler, type LoggingHandlerOptions } from './logging-handler.ts';
export { redact } from './redact.ts';
export { type RequestChange, Retry, type RetryOptions } from './retry.ts';
