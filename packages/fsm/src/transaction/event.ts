import type { SIPXError } from '@sipx/contracts';
import type { Request, Response } from '@sipx/message';
import type { TimerName } from './timer-name.ts';

export type TransactionEvent = ClientEvent | ServerEvent;

export type ClientEvent =
  /** The first send, once. */
  { readonly type: 'start' } | ResponseEvent | TimerEvent | FailureEvent;

export type ServerEvent =
  /** Non-INVITE alone: there is no answer yet, and the time in which one is of use begins (RFC 4320 4.2). */
  | { readonly type: 'start' }
  /** The same request again, or the ACK for its final response: both matched by `findServerTransaction`. */
  | RequestEvent
  /** The transaction user's response, and the bytes that say it. */
  | { readonly type: 'respond'; readonly response: Response; readonly bytes: Uint8Array }
  | TimerEvent
  | FailureEvent;

/** 1xx, 2xx, and 3xx to 6xx. */
export interface ResponseEvent {
  readonly type: 'provisional' | 'success' | 'failure';
  readonly response: Response;
}

export interface RequestEvent {
  readonly type: 'request' | 'ack';
  readonly request: Request;
}

/** A timer that a `start` effect asked for has fired. */
export interface TimerEvent {
  readonly type: TimerName;
}

/**
 * The network failed, or (`abandon`) the transaction user waits no longer: a cancelled INVITE without a final
 * response (9.1), an endpoint that closes.
 */
export interface FailureEvent {
  readonly type: 'transportError' | 'abandon';
  readonly error: SIPXError;
}

/** The event that a received response is to its client transaction. */
export const responseEvent = (response: Response): ResponseEvent => ({
  type: response.status < 200 ? 'provisional' : response.status < 300 ? 'success' : 'failure',
  response,
});

/** The event that a received request is to the server transaction which it matched. */
export const requestEvent = (request: Request): RequestEvent => ({
  type: request.method === 'ACK' ? 'ack' : 'request',
  request,
});
