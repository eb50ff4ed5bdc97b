import type { MaybePromise } from '@sipx/handlers';
import type { Request, Response } from '@sipx/message';
import type { ServerContext } from './server-context.ts';

/** A status, a response, or that somebody else sees to it; undefined: not mine, ask the next. */
export type Answer = number | Response | 'handled' | undefined;

/**
 * A part of a server: a registrar, a proxy, an application. Services are asked in the order in which they were
 * given to `server.use`, until one answers; where none does, the server answers 404 or 405.
 */
export interface Service {
  /** Before any state is kept; synchronous. A response is sent statelessly. */
  guard?(request: Request): Response | undefined;
  handle(context: ServerContext): MaybePromise<Answer>;
  /** The ACK for a 2xx that belongs to no call of the server's own. */
  acknowledge?(ack: Request): void;
}
