import type { Socket } from 'node:net';
import {
  type Clock,
  type Connection,
  NetworkError,
  type Sink,
  type SIPXError,
  type TransportAddress,
  type TransportProtocol,
} from '@sipx/contracts';

export interface StreamOptions {
  readonly id: string;
  readonly protocol: TransportProtocol;
  readonly clock: Clock;
  /** Bytes that may wait to be written. 1 MiB. */
  readonly maxBacklog: number | undefined;
  /** Milliseconds that a closing connection may take to send what waits. 5,000. */
  readonly lingerTimeout: number | undefined;
}

/** Writes up to this size are copied into one; larger ones are worth a system call of their own. */
const JOINED = 65_536;

/** A connected stream socket as a `Connection`. */
export class StreamConnection implements Connection {
  readonly id: string;
  readonly protocol: TransportProtocol;
  readonly local: TransportAddress;
  readonly remote: TransportAddress;
  readonly reliable: boolean = true;
  readonly secure: boolean;
  /** Settles behind `sink.closed`. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #maxBacklog: number;
  readonly #lingerTimeout: number;
  /**
   * What was sent in this turn of the event loop: five times cheaper as one write than one by one. A turn can
   * read, and so answer, megabytes: what is enough for a write does not wait for its end.
   */
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #isOpen = true;
  #isFull = false;
  #error: SIPXError | undefined;

  constructor(socket: Socket, sink: Sink, options: StreamOptions) {
    const { id, protocol, clock, maxBacklog = 1_048_576, lingerTimeout = 5000 } = options;
    this.id = id;
    this.protocol = protocol;
    this.secure = protocol === 'tls' || protocol === 'wss';
    this.local = address(protocol, socket.localAddress, socket.localPort);
    this.remote = address(protocol, socket.remoteAddress, socket.remotePort);
    this.#socket = socket;
    this.#sink = sink;
    this.#clock = clock;
    this.#maxBacklog = maxBacklog;
    this.#lingerTimeout = lingerTimeout;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      if (this.#isOpen) sink.data(this, bytes, this.remote);
    });
    socket.on('error', (cause) => {
      this.#error ??= new NetworkError('SIPX_TRANSPORT_CLOSED', 'the connection broke', { cause });
    });
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isOpen = false;
        sink.closed(this, this.#error);
        resolve();
      });
    });
  }

  send(bytes: Uint8Array): boolean {
    // `closed` tells the rest: it is on its way, or was there.
    if (!this.#isOpen || !this.#socket.writable) return false;
    const backlog = this.#backlog + bytes.length;
    if (backlog > this.#maxBacklog) {
      this.#isOpen = false;
      this.#error = new NetworkError('SIPX_LIMIT_BACKLOG', 'the peer does not take what is sent', {
        expected: `at most ${this.#maxBacklog} bytes waiting`,
        got: `${backlog}`,
      });
      this.#socket.destroy();
      return false;
    }
    if (this.#gathered.length === 0) setImmediate(this.#flush);
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes >= JOINED) this.#flush();
    if (this.#backlog > this.#maxBacklog / 2) this.#isFull = true;
    return !this.#isFull;
  }

  /** What waits is still sent. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#flush();
    const timer = this.#clock.start(this.#lingerTimeout, () => this.#socket.destroy());
    this.#socket.once('close', () => timer.cancel());
    this.#socket.destroySoon();
  }

  get #backlog(): number {
    return this.#socket.writableLength + this.#gatheredBytes;
  }

  readonly #flush = (): void => {
    const pieces = this.#gathered;
    if (pieces.length === 0) return;
    const size = this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (!this.#socket.writable) return;
    if (pieces.length > 1 && size <= JOINED) {
      this.#socket.write(Buffer.concat(pieces, size), this.#written);
      return;
    }
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece, this.#written);
    this.#socket.uncork();
  };

  readonly #written = (error?: Error | null): void => {
    if (error || !this.#isOpen || !this.#isFull || this.#backlog > this.#maxBacklog / 4) return;
    this.#isFull = false;
    this.#sink.drained(this);
  };
}

const address = (protocol: TransportProtocol, host = '', port = 0): TransportAddress => ({
  protocol,
  host: unmapped(host),
  port,
});

/** IPv4 over a socket of both families, as people write it (RFC 4291 2.5.5.2). */
const unmapped = (host: string): string =>
  host.startsWith('::ffff:') && host.includes('.') ? host.slice(7) : host;
