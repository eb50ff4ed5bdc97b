import type { Credentials } from '@sipx/auth';
import type { TransportProtocol } from '@sipx/contracts';
import type { Endpoint, EndpointOptions } from '@sipx/endpoint';
import type { EventHandler } from '@sipx/handlers';
import type { HeadersInit, NameAddr, SipURI } from '@sipx/message';
import type { CallMedia } from '@sipx/session';

/** What makes a `Client`. Those of the endpoint count when the client makes its own. */
export interface ClientOptions extends EndpointOptions {
  /** The address of record: `sip:alice@example.com`, or with a name, `"Alice" <sip:alice@example.com>`. */
  readonly uri: string | NameAddr;
  /** For every challenge that nothing more particular answers. */
  readonly credentials?: Credentials;
  /** For next hops whose URI names none; in any case. UDP when not given. */
  readonly transport?: TransportName;
  /** Goes first, whoever is called: `sip:proxy.example.com;lr`. */
  readonly outboundProxy?: string | SipURI;
  /** Where to register; the domain of `uri` when not given. */
  readonly registrar?: string | SipURI;
  /** Of User-Agent and Server. */
  readonly userAgent?: string;
  /** After the client's own authentication, in this order. */
  readonly handlers?: readonly EventHandler[];
  /** To share with other clients and servers; the client then does not close it. */
  readonly endpoint?: Endpoint;
  /** Milliseconds that a call may ring, either way. 180,000. */
  readonly ringTimeout?: number;
}

export type TransportName = TransportProtocol | Uppercase<TransportProtocol>;

/** What one request sets for itself. */
export interface RequestOptions {
  readonly headers?: HeadersInit;
  readonly body?: string | Uint8Array;
  readonly auth?: Credentials;
  readonly transport?: TransportName;
  readonly signal?: AbortSignal;
}

export type CallOptions = CallMedia & Omit<RequestOptions, 'body'>;

export interface RegisterOptions extends Omit<RequestOptions, 'body'> {
  /** Seconds asked for; the registrar decides. 600. */
  readonly expires?: number;
}
