import { isIP } from 'node:net';
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
import { bindSocket, connectSocket, hostTowards } from './datagram-socket.ts';
import { DatagramFlow } from './datagram-flow.ts';

/** Of `TransportConfig`, UDP uses `receiveBuffer`, `sendBuffer` and `maxBacklog`. */
export type UDPOptions = TransportConfig;

/** SIP over UDP, for `transports: [udp()]`. */
export const udp = (options: UDPOptions = {}): TransportFactory =>
  Object.assign(
    (dependencies: TransportDependencies): Transport => new UDPTransport(options, dependencies),
    { protocol: 'udp' as const },
  );

/** Datagrams over `node:dgram`, IPv4 and IPv6. It resolves no names: hosts are address literals. */
export class UDPTransport implements Transport {
  readonly protocol = 'udp';
  readonly #options: UDPOptions;
  readonly #dependencies: TransportDependencies;
  readonly #flows = new WeakMap<Listener, DatagramFlow>();
  #opened = 0;

  constructor(options: UDPOptions, dependencies: TransportDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
  }

  /**
   * Binds a socket, whose one connection (without `remote`) comes with `sink.opened`. A socket on `::` hears
   * IPv4 too, where the system lets it. Rejects with SIPX_TRANSPORT_BIND; UsageError SIPX_USAGE for a name.
   */
  async listen(at: TransportAddress, sink: Sink): Promise<Listener> {
    requireLiteral(at.host);
    const socket = await bindSocket(at, this.#options, this.#dependencies.logger);
    const address: TransportAddress = { protocol: 'udp', host: at.host, port: socket.port };
    const flow = new DatagramFlow(this.#nextId(), socket, address, sink);
    const listener: Listener = { address, close: () => flow.closeSocket() };
    this.#flows.set(listener, flow);
    // A microtask later the promise has settled, and no datagram can have come between.
    queueMicrotask(() => queueMicrotask(() => flow.announce()));
    return listener;
  }

  /**
   * With `from`, a view of that listener's socket: what comes in stays with the listener's own connection.
   * Without, a socket that hears `to` alone. Rejects with SIPX_TRANSPORT_CONNECT (no route), SIPX_ABORTED;
   * UsageError SIPX_USAGE for a name or a listener that is not this transport's.
   */
  async connect(to: TransportAddress, options: ConnectOptions, sink: Sink): Promise<Connection> {
    const { from, signal } = options;
    requireLiteral(to.host);
    refuseAborted(signal);
    if (!from) {
      const socket = await connectSocket(to, this.#options, this.#dependencies.logger);
      if (signal?.aborted) await socket.close();
      refuseAborted(signal);
      const local: TransportAddress = { protocol: 'udp', host: socket.host, port: socket.port };
      return new DatagramFlow(this.#nextId(), socket, local, sink, to);
    }
    const flow = this.#flows.get(from);
    if (!flow?.isOpen) throw notOurs(from);
    const { host, port } = from.address;
    if (isIP(host) === 4 && isIP(to.host) === 6) {
      throw new NetworkError('SIPX_TRANSPORT_CONNECT', 'the listener speaks IPv4 alone', {
        got: formatAddress(to),
      });
    }
    const isWildcard = host === '0.0.0.0' || host === '::';
    const seen = isWildcard ? await hostTowards(to) : host;
    refuseAborted(signal);
    if (!flow.isOpen) throw new NetworkError('SIPX_TRANSPORT_CLOSED', 'the listener was closed');
    return flow.view(this.#nextId(), { protocol: 'udp', host: seen, port }, to, sink);
  }

  #nextId(): string {
    this.#opened += 1;
    return `udp-${this.#opened}`;
  }
}

const requireLiteral = (host: string): void => {
  if (isIP(host) !== 0) return;
  throw new UsageError('SIPX_USAGE', 'a transport resolves no names', {
    expected: 'an address literal',
    got: host,
  });
};

const refuseAborted = (signal: AbortSignal | undefined): void => {
  if (!signal?.aborted) return;
  const cause: unknown = signal.reason;
  throw new SIPXError('SIPX_ABORTED', 'connecting was given up', { cause });
};

const notOurs = ({ address }: Listener): UsageError =>
  new UsageError('SIPX_USAGE', 'the listener is closed or of another transport', {
    got: formatAddress(address),
  });
