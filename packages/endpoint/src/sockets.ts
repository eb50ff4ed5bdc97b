import type {
  Connection,
  ConnectOptions,
  Listener,
  SIPXError,
  Sink,
  Transport,
  TransportAddress,
  TransportConfig,
  TransportDependencies,
  TransportFactory,
  TransportProtocol,
} from '@sipx/contracts';
import { NetworkError, UsageError } from '@sipx/contracts';
import { ConnectionPool } from '@sipx/transport';
import { transportByName } from '#transports';
import type { Path } from './runner.ts';
import { Streams } from './streams.ts';
import type { WireEvent } from './wire.ts';

/** What the sockets tell the endpoint. */
export interface SocketsUser {
  message(connection: Connection, bytes: Uint8Array, from: TransportAddress): void;
  broken(connection: Connection, error: SIPXError, to?: TransportAddress): void;
  /** Undefined when nobody watches: the event is then not made. */
  readonly wire: ((event: WireEvent) => void) | undefined;
}

export interface SocketsOptions {
  readonly transports: readonly (TransportFactory | string)[];
  readonly listen: readonly TransportAddress[];
  readonly config: TransportConfig;
  readonly dependencies: TransportDependencies;
}

/** Every socket of an endpoint: what is bound, what is connected, and whole messages out of both. */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #user: SocketsUser;
  readonly #pool: ConnectionPool;
  readonly #streams: Streams;
  readonly #transports = new Map<TransportProtocol, Promise<Transport>>();
  readonly #listeners = new Map<string, Promise<Listener>>();
  readonly #bound: Listener[] = [];
  /** Local addresses that stood behind a wildcard: what Via, Contact and Record-Route have named. */
  readonly #hosts = new Set<string>();
  #closed = false;

  constructor(options: SocketsOptions, user: SocketsUser) {
    this.#options = options;
    this.#user = user;
    this.#pool = new ConnectionPool((to, how) => this.#connect(to, how));
    this.#streams = new Streams(options.dependencies.clock, options.config, {
      message: (connection, bytes, from) => this.#arrived(connection, bytes, from),
      faulty: (connection, error) => {
        options.dependencies.logger.warn(
          { connection: connection.id, code: error.code },
          error.message,
        );
        connection.close();
      },
    });
  }

  /** What is bound now. */
  get addresses(): readonly TransportAddress[] {
    return this.#bound.map((listener) => listener.address);
  }

  /** Binds what was configured. Idempotent. */
  async listen(): Promise<void> {
    for (const at of this.#options.listen) await this.#listenAt(at);
  }

  /** A connection to `target`, and a listener behind it that the peer can answer to. */
  connection(target: TransportAddress, signal?: AbortSignal): Promise<Connection> {
    return this.#pool.get(target, { signal });
  }

  /** The connection that `connection` would give at once. */
  openConnection(target: TransportAddress): Connection | undefined {
    return this.#pool.peek(target);
  }

  /** Is this host and port one that is bound, or that peers were told of? */
  isBound(host: string, port: number): boolean {
    return this.#bound.some(
      ({ address }) => address.port === port && (address.host === host || this.#hosts.has(host)),
    );
  }

  /** Where peers reach us when they see `connection`: its own host, the listener's port. */
  reachable(connection: Connection): TransportAddress {
    const { protocol, local } = connection;
    const listener = this.#bound.find(
      ({ address }) => address.protocol === protocol && family(address.host) === family(local.host),
    );
    if (!isWildcard(local.host)) this.#hosts.add(local.host);
    return { protocol, host: local.host, port: listener?.address.port ?? local.port };
  }

  send({ connection, to }: Path, bytes: Uint8Array): void {
    const remote = to ?? connection.remote;
    if (remote) this.#watch('out', connection, bytes, remote);
    connection.send(bytes, to);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pool.close();
    this.#streams.close();
    const bound = await Promise.allSettled(this.#listeners.values());
    for (const outcome of bound) {
      if (outcome.status === 'fulfilled') await outcome.value.close();
    }
    this.#bound.length = 0;
  }

  readonly #sink: Sink = {
    opened: (connection) => {
      if (!connection.reliable) return;
      this.#pool.adopt(connection);
      this.#streams.open(connection);
    },
    data: (connection, bytes, from) => {
      if (connection.reliable) this.#streams.data(connection, bytes);
      else this.#arrived(connection, bytes, from);
    },
    failed: (connection, error, to) => this.#user.broken(connection, error, to),
    drained: () => {},
    closed: (connection, error) => {
      this.#pool.closed(connection);
      this.#streams.closed(connection);
      const why =
        error ?? new NetworkError('SIPX_TRANSPORT_CLOSED', 'the peer closed the connection');
      this.#user.broken(connection, why);
    },
  };

  #arrived(connection: Connection, bytes: Uint8Array, from: TransportAddress): void {
    this.#watch('in', connection, bytes, from);
    this.#user.message(connection, bytes, from);
  }

  #watch(
    direction: 'in' | 'out',
    connection: Connection,
    bytes: Uint8Array,
    remote: TransportAddress,
  ): void {
    const { wire } = this.#user;
    if (!wire) return;
    const at = this.#options.dependencies.clock.now();
    wire({
      direction,
      bytes,
      local: this.reachable(connection),
      remote,
      protocol: connection.protocol,
      at,
    });
  }

  /** A request of ours needs an address that its answer can come to: what is bound for it, or a free port. */
  #listenerFor(target: TransportAddress): Promise<Listener> {
    const bound = this.#options.listen.find(
      (at) => at.protocol === target.protocol && family(at.host) === family(target.host),
    );
    if (bound) return this.#listenAt(bound);
    const sibling = this.#options.listen.find((at) => family(at.host) === family(target.host));
    const host = sibling?.host ?? (family(target.host) === 6 ? '::' : '0.0.0.0');
    return this.#listenAt({ protocol: target.protocol, host, port: 0 });
  }

  async #connect(to: TransportAddress, how: ConnectOptions): Promise<Connection> {
    const from = await this.#listenerFor(to);
    const transport = await this.#transport(to.protocol);
    const connection = await transport.connect(to, { ...how, from }, this.#sink);
    if (connection.reliable) this.#streams.open(connection);
    return connection;
  }

  #listenAt(at: TransportAddress): Promise<Listener> {
    if (this.#closed) {
      return Promise.reject(new UsageError('SIPX_CLOSED', 'the endpoint is closed'));
    }
    const key = `${at.protocol} ${at.host} ${at.port}`;
    const known = this.#listeners.get(key);
    if (known) return known;
    const opening = this.#transport(at.protocol).then(async (transport) => {
      const listener = await transport.listen(at, this.#sink);
      this.#bound.push(listener);
      return listener;
    });
    this.#listeners.set(key, opening);
    // The next try may find the port free.
    opening.catch(() => this.#listeners.delete(key));
    return opening;
  }

  #transport(protocol: TransportProtocol): Promise<Transport> {
    let transport = this.#transports.get(protocol);
    if (!transport) {
      transport = this.#load(protocol);
      this.#transports.set(protocol, transport);
    }
    return transport;
  }

  async #load(protocol: TransportProtocol): Promise<Transport> {
    const { transports, dependencies } = this.#options;
    for (const candidate of transports) {
      if (typeof candidate !== 'string') {
        if (candidate.protocol === protocol) return candidate(dependencies);
      } else if (candidate.toLowerCase() === protocol) {
        return (await transportByName(candidate))(dependencies);
      }
    }
    throw new UsageError('SIPX_TRANSPORT_MISSING', `the endpoint was not given ${protocol}`, {
      expected: `one of ${transports.map((t) => (typeof t === 'string' ? t : t.protocol)).join(', ')}`,
      got: protocol,
    });
  }
}

export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

const family = (host: string): 4 | 6 => (host.includes(':') ? 6 : 4);
