import {
  type Connection,
  type ErrorCode,
  formatAddress,
  type Listener,
  NetworkError,
  type Sink,
  SIPXError,
  type TransportAddress,
  type TransportConfig,
  type TransportProtocol,
} from '@sipx/contracts';
import { MemoryPipe } from './memory-pipe.ts';
import type { MemoryWire, StreamAcceptor, StreamEnd } from './memory-wire.ts';

/** Takes the streams that come to one place. */
export class MemoryAcceptor implements Listener, StreamAcceptor {
  readonly address: TransportAddress;
  readonly #wire: MemoryWire;
  readonly #bound: TransportAddress;
  readonly #sink: Sink;
  readonly #config: TransportConfig;
  readonly #id: () => string;
  readonly #accepted = new Set<MemoryStream>();

  constructor(
    wire: MemoryWire,
    bound: TransportAddress,
    address: TransportAddress,
    sink: Sink,
    config: TransportConfig,
    id: () => string,
  ) {
    this.#wire = wire;
    this.#bound = bound;
    this.address = address;
    this.#sink = sink;
    this.#config = config;
    this.#id = id;
    wire.acceptors.set(formatAddress(bound), this);
  }

  accept(caller: StreamEnd): StreamEnd | undefined {
    if (this.#accepted.size >= (this.#config.maxConnections ?? 10_000)) return undefined;
    const forget = (): void => {
      this.#accepted.delete(stream);
    };
    const stream: MemoryStream = new MemoryStream(
      this.#wire,
      this.#id(),
      this.#bound,
      caller.local,
      this.#sink,
      this.#config,
      forget,
    );
    this.#accepted.add(stream);
    stream.join(caller).begin();
    this.#sink.opened(stream);
    return stream;
  }

  async close(): Promise<void> {
    this.#wire.acceptors.delete(formatAddress(this.#bound));
    for (const stream of [...this.#accepted]) stream.close();
    await Promise.resolve();
  }
}

/** One end of a stream. */
export class MemoryStream implements Connection, StreamEnd {
  readonly id: string;
  readonly protocol: TransportProtocol;
  readonly local: TransportAddress;
  readonly remote: TransportAddress;
  readonly reliable: boolean = true;
  readonly secure: boolean;
  readonly #wire: MemoryWire;
  readonly #sink: Sink;
  readonly #maxBacklog: number;
  readonly #forget: () => void;
  #out: MemoryPipe | undefined;
  #started = (): void => {};
  #stopWaiting = (): void => {};
  #refused: (error: SIPXError) => void = () => {};
  #isFull = false;
  #isOpen = true;

  constructor(
    wire: MemoryWire,
    id: string,
    local: TransportAddress,
    remote: TransportAddress,
    sink: Sink,
    config: TransportConfig,
    forget: () => void = () => {},
  ) {
    this.#wire = wire;
    this.id = id;
    this.protocol = local.protocol;
    this.local = local;
    this.remote = remote;
    this.secure = local.protocol === 'tls' || local.protocol === 'wss';
    this.#sink = sink;
    this.#maxBacklog = config.maxBacklog ?? 1_048_576;
    this.#forget = forget;
  }

  /** There and back: a stream is up when the answer of the other side is here. */
  connect(timeout: number, signal: AbortSignal | undefined): Promise<this> {
    const { clock } = this.#wire;
    const attempt = new Promise<this>((resolve, reject) => {
      this.#started = () => resolve(this);
      this.#refused = reject;
    });
    const timer = clock.start(timeout, () => this.#fail('SIPX_TRANSPORT_TIMEOUT', 'no answer'));
    const giveUp = (): void => this.#fail('SIPX_ABORTED', 'given up', signal?.reason);
    signal?.addEventListener('abort', giveUp);
    this.#travel(this.local.host, this.remote.host, () => {
      if (!this.#isOpen) return;
      const other = this.#wire.acceptors.get(formatAddress(this.remote))?.accept(this);
      if (other) this.join(other);
      else {
        const refuse = (): void => this.#fail('SIPX_TRANSPORT_CONNECT', 'nobody takes it');
        this.#travel(this.remote.host, this.local.host, refuse);
      }
    });
    this.#stopWaiting = () => {
      timer.cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    return attempt;
  }

  join(other: StreamEnd): MemoryPipe {
    this.#wire.streams.add(this);
    this.#out = new MemoryPipe(this.#wire, this.local, other, () => this.#drain());
    return this.#out;
  }

  started(): void {
    this.#stopWaiting();
    this.#started();
  }

  send(bytes: Uint8Array): boolean {
    const pipe = this.#out;
    if (!this.#isOpen || !pipe) return false;
    if (pipe.queued + bytes.length > this.#maxBacklog) {
      this.#end(
        new NetworkError('SIPX_LIMIT_BACKLOG', 'the peer does not take what is sent', {
          expected: `at most ${this.#maxBacklog} bytes waiting`,
          got: `${pipe.queued + bytes.length}`,
        }),
      );
      return false;
    }
    pipe.write(bytes);
    if (pipe.queued > this.#maxBacklog / 2) this.#isFull = true;
    return !this.#isFull;
  }

  close(): void {
    this.#end();
  }

  receive(bytes: Uint8Array): void {
    if (this.#isOpen) this.#sink.data(this, bytes, this.remote);
  }

  ended(): void {
    this.#end();
  }

  vanish(): void {
    this.#leave();
  }

  #end(error?: SIPXError): void {
    if (this.#leave()) queueMicrotask(() => this.#sink.closed(this, error));
  }

  /** Of a connection that never was; its sink hears nothing. */
  #fail(code: ErrorCode, reason: string, cause?: unknown): void {
    if (!this.#leave()) return;
    const got = formatAddress(this.remote);
    const Fault = code === 'SIPX_ABORTED' ? SIPXError : NetworkError;
    this.#refused(new Fault(code, `the connection failed: ${reason}`, { got, cause }));
  }

  #leave(): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    this.#stopWaiting();
    this.#wire.streams.delete(this);
    this.#forget();
    this.#out?.finish();
    return true;
  }

  #drain(): void {
    if (!this.#isOpen || !this.#isFull || (this.#out?.queued ?? 0) > this.#maxBacklog / 4) return;
    this.#isFull = false;
    this.#sink.drained(this);
  }

  #travel(from: string, to: string, arrive: () => void): void {
    this.#wire.inFlight += 1;
    const go = (): void => {
      if (this.#wire.isApart(from, to)) this.#wire.stalled.add(go);
      else {
        this.#wire.inFlight -= 1;
        arrive();
      }
    };
    this.#wire.clock.start(this.#wire.delay(from, to), go);
  }
}
