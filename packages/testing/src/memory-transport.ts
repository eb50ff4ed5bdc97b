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
  type TransportProtocol,
  UsageError,
} from '@sipx/contracts';
import { MemorySocket } from './memory-datagrams.ts';
import { MemoryAcceptor, MemoryStream } from './memory-streams.ts';
import type { MemoryWire } from './memory-wire.ts';

/** One protocol on one host of a network in memory; in all that can be seen, a transport like the others. */
export class MemoryTransport implements Transport {
  readonly protocol: TransportProtocol;
  readonly #wire: MemoryWire;
  readonly #host: string;
  readonly #config: TransportConfig;
  readonly #sockets = new WeakMap<Listener, MemorySocket>();
  #opened = 0;

  constructor(
    wire: MemoryWire,
    host: string,
    protocol: TransportProtocol,
    config: TransportConfig,
  ) {
    this.#wire = wire;
    this.#host = host;
    this.protocol = protocol;
    this.#config = config;
  }

  async listen(at: TransportAddress, sink: Sink): Promise<Listener> {
    if (!isWildcard(at.host) && at.host !== this.#host) {
      throw new NetworkError('SIPX_TRANSPORT_BIND', 'not an address of this host', {
        expected: this.#host,
        got: at.host,
      });
    }
    const bound = this.#place(at.port);
    const { acceptors, datagramSockets } = this.#wire;
    if (acceptors.has(formatAddress(bound)) || datagramSockets.has(formatAddress(bound))) {
      throw new NetworkError('SIPX_TRANSPORT_BIND', 'the address is in use', {
        got: formatAddress(bound),
      });
    }
    const address = { ...bound, host: at.host };
    if (this.protocol !== 'udp') {
      return new MemoryAcceptor(this.#wire, bound, address, sink, this.#config, this.#id);
    }
    const socket = new MemorySocket(this.#wire, bound, address, sink, this.#id());
    this.#sockets.set(socket.listener, socket);
    // The second microtask runs when this promise has settled.
    queueMicrotask(() => queueMicrotask(() => socket.announce()));
    return socket.listener;
  }

  async connect(to: TransportAddress, options: ConnectOptions, sink: Sink): Promise<Connection> {
    const { signal, from } = options;
    if (!isLiteral(to.host)) {
      throw new UsageError('SIPX_USAGE', 'a transport resolves no names', {
        expected: 'an address literal',
        got: to.host,
      });
    }
    if (signal?.aborted) throw aborted(signal);
    if (this.protocol !== 'udp') {
      const local = this.#place(0);
      const timeout = this.#config.connectTimeout ?? 5000;
      const stream = new MemoryStream(this.#wire, this.#id(), local, to, sink, this.#config);
      return stream.connect(timeout, signal);
    }
    if (!from) {
      const local = this.#place(0);
      return new MemorySocket(this.#wire, local, local, sink, this.#id(), to).connection;
    }
    const socket = this.#sockets.get(from);
    if (!socket?.isOpen) {
      throw new UsageError('SIPX_USAGE', 'the listener is closed or of another transport', {
        got: formatAddress(from.address),
      });
    }
    return socket.view(this.#id(), to, sink);
  }

  readonly #id = (): string => {
    this.#opened += 1;
    return `${this.protocol}-${this.#opened}`;
  };

  #place(port: number): TransportAddress {
    const { protocol } = this;
    const host = this.#host;
    return { protocol, host, port: port || this.#wire.freePort(protocol, host) };
  }
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

const isLiteral = (host: string): boolean => host.includes(':') || /^[\d.]+$/.test(host);

const aborted = ({ reason }: AbortSignal): SIPXError =>
  new SIPXError('SIPX_ABORTED', 'connecting was given up', { cause: reason });
