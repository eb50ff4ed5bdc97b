import {
  type Connection,
  formatAddress,
  type Listener,
  NetworkError,
  type Sink,
  sameAddress,
  type TransportAddress,
  UsageError,
} from '@sipx/contracts';
import type { DatagramSocket, MemoryWire } from './memory-wire.ts';

/** What one datagram carries over IPv4. */
const MAX_DATAGRAM = 65_507;

/** A socket for datagrams. With a `remote` it hears that peer alone. */
export class MemorySocket implements DatagramSocket {
  readonly connection: Flow;
  readonly listener: Listener;
  readonly #wire: MemoryWire;
  readonly #bound: TransportAddress;
  readonly #views = new Set<Flow>();
  readonly #sink: Sink;
  #isOpen = true;

  constructor(
    wire: MemoryWire,
    bound: TransportAddress,
    address: TransportAddress,
    sink: Sink,
    id: string,
    remote?: TransportAddress,
  ) {
    this.#wire = wire;
    this.#bound = bound;
    this.#sink = sink;
    this.connection = new Flow(id, address, remote, sink, this.#send, () => this.close());
    this.listener = { address, close: () => this.close() };
    wire.datagramSockets.set(formatAddress(bound), this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  announce(): void {
    if (this.#isOpen) this.#sink.opened(this.connection);
  }

  receive(bytes: Uint8Array, from: TransportAddress): void {
    const { remote } = this.connection;
    if (!remote || sameAddress(remote, from)) this.#sink.data(this.connection, bytes, from);
  }

  view(id: string, remote: TransportAddress, sink: Sink): Connection {
    const leave = async (): Promise<void> => {
      this.#views.delete(view);
    };
    const view: Flow = new Flow(id, this.#bound, remote, sink, this.#send, leave);
    this.#views.add(view);
    return view;
  }

  vanish(): void {
    this.#isOpen = false;
    this.#wire.datagramSockets.delete(formatAddress(this.#bound));
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#wire.datagramSockets.delete(formatAddress(this.#bound));
    for (const view of [...this.#views]) view.close();
    this.connection.close();
    // The news of the closing goes out in microtasks; these come after.
    await Promise.resolve();
  }

  readonly #send = (bytes: Uint8Array, to: TransportAddress): void => {
    if (this.#isOpen) this.#wire.sendDatagram(this.#bound, to, bytes);
  };
}

class Flow implements Connection {
  readonly id: string;
  readonly protocol = 'udp';
  readonly local: TransportAddress;
  readonly remote?: TransportAddress;
  readonly reliable: boolean = false;
  readonly secure: boolean = false;
  readonly #sink: Sink;
  readonly #out: (bytes: Uint8Array, to: TransportAddress) => void;
  readonly #leave: () => Promise<void>;
  #isOpen = true;

  constructor(
    id: string,
    local: TransportAddress,
    remote: TransportAddress | undefined,
    sink: Sink,
    out: (bytes: Uint8Array, to: TransportAddress) => void,
    leave: () => Promise<void>,
  ) {
    this.id = id;
    this.local = local;
    if (remote) this.remote = remote;
    this.#sink = sink;
    this.#out = out;
    this.#leave = leave;
  }

  send(bytes: Uint8Array, to?: TransportAddress): boolean {
    if (!this.#isOpen) return false;
    const target = this.remote ?? to;
    if (!target) {
      throw new UsageError('SIPX_USAGE', 'this socket reaches many peers', {
        expected: 'an address to send to',
      });
    }
    if (bytes.length > MAX_DATAGRAM) {
      const error = new NetworkError('SIPX_LIMIT_DATAGRAM', 'too large for a datagram', {
        expected: `at most ${MAX_DATAGRAM} bytes`,
        got: `${bytes.length}`,
      });
      this.#tell((sink) => sink.failed(this, error, target));
      return true;
    }
    this.#out(bytes, target);
    return true;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    void this.#leave();
    queueMicrotask(() => this.#sink.closed(this));
  }

  #tell(news: (sink: Sink) => void): void {
    queueMicrotask(() => {
      if (this.#isOpen) news(this.#sink);
    });
  }
}
