import { isIP, Socket } from 'node:net';
import {
  type Connection,
  type ConnectOptions,
  formatAddress,
  type Listener,
  NetworkError,
  type Sink,
  SIPXError,
  type Transport,
  type TransportAddress,
  type TransportConfig,
  type TransportDependencies,
  type TransportFactory,
  UsageError,
} from '@sipx/contracts';
import { StreamConnection } from './stream-connection.ts';
import { listenTCP } from './tcp-listener.ts';

/** Of `TransportConfig`, TCP uses `connectTimeout`, `maxBacklog` and `maxConnections`. */
export type TCPOptions = TransportConfig;

/** SIP over TCP, for `transports: [tcp()]`. */
export const tcp = (options: TCPOptions = {}): TransportFactory =>
  Object.assign(
    (dependencies: TransportDependencies): Transport => new TCPTransport(options, dependencies),
    { protocol: 'tcp' as const },
  );

/** Streams over `node:net`, IPv4 and IPv6. It resolves no names: hosts are address literals. */
export class TCPTransport implements Transport {
  readonly protocol = 'tcp';
  readonly #options: TCPOptions;
  readonly #dependencies: TransportDependencies;
  #opened = 0;

  constructor(options: TCPOptions, dependencies: TransportDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /**
   * A listener on `::` takes IPv4 too, where the system lets it. Rejects with SIPX_TRANSPORT_BIND; UsageError
   * SIPX_USAGE for a name.
   */
  async listen(at: TransportAddress, sink: Sink): Promise<Listener> {
    requireLiteral(at.host);
    const { logger } = this.#dependencies;
    const accept = (socket: Socket): StreamConnection => this.#connection(socket, sink);
    return listenTCP(at, { sink, accept, logger, maxConnections: this.#options.maxConnections });
  }

  /**
   * From the listener's host when `from` is given (its port stays its own). Rejects with
   * SIPX_TRANSPORT_CONNECT, SIPX_TRANSPORT_TIMEOUT, SIPX_ABORTED; UsageError SIPX_USAGE for a name.
   */
  async connect(to: TransportAddress, options: ConnectOptions, sink: Sink): Promise<Connection> {
    const { from, signal } = options;
    requireLiteral(to.host);
    if (signal?.aborted) throw aborted(signal);
    const socket = new Socket();
    await this.#established(socket, to, from?.address.host, signal);
    return this.#connection(socket, sink);
  }

  #established(
    socket: Socket,
    to: TransportAddress,
    from: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { connectTimeout = 5000 } = this.#options;
    const got = formatAddress(to);
    return new Promise((resolve, reject) => {
      const settle = (error?: SIPXError): void => {
        timer.cancel();
        signal?.removeEventListener('abort', giveUp);
        socket.removeListener('connect', connected).removeListener('error', failed);
        if (!error) return resolve();
        // An attempt that was given up may still fail by itself, to nobody's interest.
        socket.on('error', () => {});
        socket.destroy();
        reject(error);
      };
      const connected = (): void => settle();
      const failed = (cause: Error): void =>
        settle(new NetworkError('SIPX_TRANSPORT_CONNECT', 'no connection', { got, cause }));
      const giveUp = (): void => settle(signal && aborted(signal));
      const timer = this.#dependencies.clock.start(connectTimeout, () => {
        const expected = `a connection within ${connectTimeout} ms`;
        const error = new NetworkError('SIPX_TRANSPORT_TIMEOUT', 'no answer', { expected, got });
        settle(error);
      });
      signal?.addEventListener('abort', giveUp);
      socket.once('connect', connected).once('error', failed);
      try {
        socket.connect({ host: to.host, port: to.port, ...sourceOf(from) });
      } catch (cause) {
        settle(new NetworkError('SIPX_TRANSPORT_CONNECT', 'no connection', { got, cause }));
      }
    });
  }

  #connection(socket: Socket, sink: Sink): StreamConnection {
    this.#opened += 1;
    const { maxBacklog, connectTimeout } = this.#options;
    return new StreamConnection(socket, sink, {
      id: `tcp-${this.#opened}`,
      protocol: 'tcp',
      clock: this.#dependencies.clock,
      maxBacklog,
      lingerTimeout: connectTimeout,
    });
  }
}

/** Of a wildcard listener, the system picks the address by its routes. */
const sourceOf = (from: string | undefined): { localAddress?: string } =>
  from === undefined || from === '0.0.0.0' || from === '::' ? {} : { localAddress: from };

const requireLiteral = (host: string): void => {
  if (isIP(host) !== 0) return;
  throw new UsageError('SIPX_USAGE', 'a transport resolves no names', {
    expected: 'an address literal',
    got: host,
  });
};

const aborted = ({ reason }: AbortSignal): SIPXError =>
  new SIPXError('SIPX_ABORTED', 'connecting was given up', { cause: reason });
