import type { HandlerChain, MaybePromise } from '@sipx/handlers';
import type { Request, Response } from '@sipx/message';
import type { IncomingRequest } from './incoming-request.ts';

/**
 * Takes the requests that arrive and are its own: a client, a server, a proxy.
 *
 * A request goes to the first owner that claims it, else to the first that takes the rest, else to a sole
 * owner; where there is none it is answered 404.
 */
export interface Owner {
  /** The handlers that its requests and responses pass, both ways. */
  readonly chain: HandlerChain;
  /** A server takes what nobody claims; a client does not. */
  readonly takesRest: boolean;
  /** Addressed to this owner's Contact, or inside one of its dialogs. */
  claims(request: Request): boolean;
  /**
   * Before any state is kept for the request; synchronous. A response is sent statelessly and its ACK absorbed:
   * for rate limits, and for the challenge of a request without credentials.
   */
  guard?(request: Request): Response | undefined;
  /** Every request but ACK and CANCEL. Throwing, or not responding in the end, answers 500. */
  receive(incoming: IncomingRequest): MaybePromise<void>;
  /** The ACK for a 2xx, which belongs to no transaction (RFC 3261 13.2.2.4). */
  acknowledge?(ack: IncomingAck): void;
}

export interface IncomingAck {
  readonly request: Request;
  /** A Route header of ours was taken off: the ACK is to be sent on. */
  readonly routed: boolean;
}
