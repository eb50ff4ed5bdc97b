import type { Clock } from './clock.ts';
import type { SIPXError } from './errors.ts';
import type { Logger } from './logger.ts';
import type { TransportAddress, TransportProtocol } from './transport-address.ts';

/** Moves bytes over one kind of socket. It knows no SIP message and keeps no timer of the protocol. */
export interface Transport {
  readonly protocol: TransportProtocol;
  /** Binds. Port 0 takes a free one; `Listener.address` tells which. */
  listen(at: TransportAddress, sink: Sink): Promise<Listener>;
  /**
   * A connection to `to`, whose host is an address literal. On UDP it is a view of the listener's socket
   * (`from`), or a socket of its own without one. Rejects with SIPX_TRANSPORT_CONNECT, SIPX_TRANSPORT_TIMEOUT
   * or SIPX_ABORTED; `sink.opened` is for connections that a peer opened, not for these.
   */
  connect(to: TransportAddress, options: ConnectOptions, sink: Sink): Promise<Connection>;
}

export type { Transport as BaseTransport };

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** The name that a certificate has to show, when `to.host` is only its address. */
  readonly servername?: string;
  /** The listener that the traffic should seem to come from. */
  readonly from?: Listener;
}

export interface Listener {
  /** Where it is bound; a wildcard host stays one. */
  readonly address: TransportAddress;
  /** Stops accepting and closes what it accepted. */
  close(): Promise<void>;
}

/**
 * One flow of bytes: a TCP or TLS connection, a WebSocket, or a UDP socket (which reaches many peers and then
 * has no `remote`). Its identity is the object; `id` names it in logs and flow tokens.
 */
export interface Connection {
  readonly id: string;
  readonly protocol: TransportProtocol;
  /** With `remote`, the address that this peer sees us send from, as far as the system tells. */
  readonly local: TransportAddress;
  readonly remote?: TransportAddress;
  readonly reliable: boolean;
  readonly secure: boolean;
  /**
   * Queues the bytes; `to` is needed where there is no `remote`. False: the buffer is full, wait for
   * `sink.drained` (what is sent beyond the bound closes the connection). Failures come to `sink.failed`.
   */
  send(bytes: Uint8Array, to?: TransportAddress): boolean;
  /** Idempotent; `sink.closed` follows. */
  close(): void;
}

/** Where a transport's news goes. Called with no lock held and never before `listen` or `connect` settles. */
export interface Sink {
  /** A peer connected (or, on UDP, the listener's socket is up). */
  opened(connection: Connection): void;
  /** Bytes arrived: one datagram, or any piece of a stream. They are the receiver's to keep. */
  data(connection: Connection, bytes: Uint8Array, from: TransportAddress): void;
  /** A send did not go out; the connection lives on (an ICMP error, a datagram too large). */
  failed(connection: Connection, error: SIPXError, to?: TransportAddress): void;
  /** There is room again after a `send` that returned false. */
  drained(connection: Connection): void;
  /** The last word on this connection, once. Without an error it was an orderly end. */
  closed(connection: Connection, error?: SIPXError): void;
}

export interface TransportDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What `udp(options)` and its siblings return: options were first, dependencies come second. */
export interface TransportFactory {
  readonly protocol: TransportProtocol;
  (dependencies: TransportDependencies): Transport;
}

/** Times in milliseconds, sizes in bytes. A transport uses those that mean something to it. */
export interface TransportConfig {
  /** To establish a connection. 5,000. */
  readonly connectTimeout?: number;
  /** To finish a message on a stream once its first byte came: Timer B. 32,000. */
  readonly readTimeout?: number;
  /** Largest message on a stream, head and body. 65,535. */
  readonly maxMessage?: number;
  /** Socket buffers asked of the system, which may grant less. 4 MiB on UDP, the system's own elsewhere. */
  readonly receiveBuffer?: number;
  readonly sendBuffer?: number;
  /** Bytes that may wait to be written on one connection. 1 MiB. */
  readonly maxBacklog?: number;
  /** Connections that a listener accepts at once. 10,000. */
  readonly maxConnections?: number;
}
