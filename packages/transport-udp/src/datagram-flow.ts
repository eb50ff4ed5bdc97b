import {
  type Connection,
  NetworkError,
  type Sink,
  SIPXError,
  type TransportAddress,
  UsageError,
} from '@sipx/contracts';
import type { DatagramSocket } from './datagram-socket.ts';

/** What one datagram can carry; the difference is the size of the IP header. */
const MAX_DATAGRAM = { 4: 65_507, 6: 65_527 };

/** A socket as a connection, or (with an `owner`) a view of it towards one peer. */
export class DatagramFlow implements Connection {
  readonly id: string;
  readonly protocol = 'udp';
  readonly local: TransportAddress;
  readonly remote?: TransportAddress;
  readonly reliable: boolean = false;
  readonly secure: boolean = false;
  readonly #socket: DatagramSocket;
  readonly #sink: Sink;
  readonly #owner: DatagramFlow | undefined;
  readonly #views = new Set<DatagramFlow>();
  #isOpen = true;
  #isFull = false;
  #ending: Promise<void> | undefined;

  constructor(
    id: string,
    socket: DatagramSocket,
    local: TransportAddress,
    sink: Sink,
    remote?: TransportAddress,
    owner?: DatagramFlow,
  ) {
    this.id = id;
    this.#socket = socket;
    this.local = local;
    if (remote) this.remote = remote;
    this.#sink = sink;
    this.#owner = owner;
    if (!owner) socket.attach(this.#receive, this.#failed);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  announce(): void {
    if (this.#isOpen) this.#sink.opened(this);
  }

  /**
   * Where there is a `remote` it goes there, whatever `to` says. A datagram over the backlog's bound is dropped
   * with SIPX_LIMIT_BACKLOG: a socket that serves everybody does not close for one.
   *
   * @throws UsageError SIPX_USAGE when it is not said where to
   */
  send(bytes: Uint8Array, to?: TransportAddress): boolean {
    const target = this.remote ?? to;
    if (!target) {
      throw new UsageError('SIPX_USAGE', 'this socket reaches many peers', {
        expected: 'an address to send to',
      });
    }
    if (!this.#isOpen) return false;
    const max = MAX_DATAGRAM[target.host.includes(':') ? 6 : 4];
    if (bytes.length > max) {
      this.#refuse('SIPX_LIMIT_DATAGRAM', 'too large for a datagram', bytes.length, max, target);
      return true;
    }
    const { backlog, maxBacklog } = this.#socket;
    if (backlog + bytes.length > maxBacklog) {
      this.#isFull = true;
      const size = backlog + bytes.length;
      this.#refuse('SIPX_LIMIT_BACKLOG', 'the system takes no more', size, maxBacklog, target);
      return false;
    }
    if (backlog > maxBacklog / 2) this.#isFull = true;
    this.#socket.send(bytes, target, (error) => {
      if (error) this.#fail(error, target);
      else if (this.#isFull) this.#drain();
    });
    return !this.#isFull;
  }

  /** Of a listener's own connection: the socket too. */
  close(): void {
    if (this.#owner) {
      this.#owner.#views.delete(this);
      this.#end();
    } else void this.closeSocket();
  }

  closeSocket(): Promise<void> {
    this.#ending ??= this.#closeSocket();
    return this.#ending;
  }

  view(id: string, local: TransportAddress, remote: TransportAddress, sink: Sink): Connection {
    const view = new DatagramFlow(id, this.#socket, local, sink, remote, this);
    this.#views.add(view);
    return view;
  }

  async #closeSocket(): Promise<void> {
    for (const view of this.#views) view.#end();
    this.#views.clear();
    this.#isOpen = false;
    await this.#socket.close();
    this.#sink.closed(this);
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    queueMicrotask(() => this.#sink.closed(this));
  }

  readonly #receive = (bytes: Uint8Array, from: TransportAddress): void => {
    if (this.#isOpen) this.#sink.data(this, bytes, from);
  };

  readonly #failed = (error: SIPXError): void => this.#fail(error, this.remote);

  #fail(error: SIPXError, to: TransportAddress | undefined): void {
    if (this.#isOpen) this.#sink.failed(this, error, to);
  }

  #refuse(
    code: 'SIPX_LIMIT_DATAGRAM' | 'SIPX_LIMIT_BACKLOG',
    message: string,
    size: number,
    max: number,
    to: TransportAddress,
  ): void {
    const error = new NetworkError(code, message, {
      expected: `at most ${max} bytes`,
      got: `${size}`,
    });
    // Never from within `send`: a sink may send again.
    queueMicrotask(() => this.#fail(error, to));
  }

  #drain(): void {
    if (!this.#isOpen || this.#socket.backlog > this.#socket.maxBacklog / 4) return;
    this.#isFull = false;
    this.#sink.drained(this);
  }
}
