import {
  type Connection,
  type ConnectOptions,
  formatAddress,
  NetworkError,
  SIPXError,
  type TransportAddress,
} from '@sipx/contracts';

/** Makes the connection that the pool does not have; most often an endpoint's way to `Transport.connect`. */
export type Connect = (
  to: TransportAddress,
  options: Pick<ConnectOptions, 'signal' | 'servername'>,
) => Promise<Connection>;

export interface PoolOptions {
  /** Gives up the wait of this caller alone; the attempt goes on while another waits for it. */
  readonly signal?: AbortSignal | undefined;
  /** A connection whose certificate showed one name is none for another: names do not share. */
  readonly servername?: string | undefined;
}

/** One connection for each remote address and protocol, those that peers opened included. */
export class ConnectionPool {
  readonly #connect: Connect;
  readonly #open = new Map<string, Connection>();
  readonly #keys = new Map<Connection, string>();
  /** Closed before `connect` had told of them. */
  readonly #gone = new WeakSet<Connection>();
  readonly #attempts = new Map<string, Attempt>();
  #isClosed = false;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** Open connections. */
  get size(): number {
    return this.#open.size;
  }

  /** Connections that are being made. */
  get connecting(): number {
    return this.#attempts.size;
  }

  /**
   * The open connection, or a new one; callers that come while it is being made share it.
   * Rejects as the attempt does, with SIPX_ABORTED when `signal` aborts, and with SIPX_CLOSED after `close`.
   */
  async get(to: TransportAddress, options: PoolOptions = {}): Promise<Connection> {
    const { signal, servername } = options;
    if (this.#isClosed) throw closedPool();
    if (signal?.aborted) throw aborted(signal);
    const key = keyOf(to, servername);
    const open = this.#open.get(key);
    if (open) return open;
    const attempt = this.#attempts.get(key) ?? this.#attempt(key, to, servername);
    return this.#join(key, attempt, signal);
  }

  /** The open connection; undefined when one would have to be made. */
  peek(to: TransportAddress, servername?: string): Connection | undefined {
    return this.#open.get(keyOf(to, servername));
  }

  /** A connection that a peer opened: what goes to that peer goes back on it. The newest one counts. */
  adopt(connection: Connection): void {
    if (connection.remote) this.#add(keyOf(connection.remote), connection);
  }

  /** To be told by the owner's sink, so that a dead connection is not given out. */
  closed(connection: Connection): void {
    const key = this.#keys.get(connection);
    if (key === undefined) {
      this.#gone.add(connection);
      return;
    }
    this.#keys.delete(connection);
    if (this.#open.get(key) === connection) this.#open.delete(key);
  }

  /** Closes every connection and gives up every attempt. */
  close(): void {
    this.#isClosed = true;
    for (const attempt of this.#attempts.values()) attempt.controller.abort(closedPool());
    const connections = [...this.#keys.keys()];
    this.#keys.clear();
    this.#open.clear();
    for (const connection of connections) connection.close();
  }

  #attempt(key: string, to: TransportAddress, servername: string | undefined): Attempt {
    const controller = new AbortController();
    const { signal } = controller;
    const made = this.#connect(to, servername === undefined ? { signal } : { signal, servername });
    const attempt: Attempt = {
      controller,
      waiting: 0,
      connection: made.then(
        (connection) => {
          this.#forget(key, attempt);
          if (this.#gone.has(connection)) {
            const got = formatAddress(to);
            throw new NetworkError('SIPX_TRANSPORT_CLOSED', 'it ended as it began', { got });
          }
          if (signal.aborted) {
            // It won the race against being given up, and nobody wants it.
            connection.close();
            throw this.#isClosed ? closedPool() : aborted(signal);
          }
          this.#add(key, connection);
          return connection;
        },
        (error: unknown) => {
          this.#forget(key, attempt);
          throw this.#isClosed ? closedPool() : error;
        },
      ),
    };
    this.#attempts.set(key, attempt);
    return attempt;
  }

  #forget(key: string, attempt: Attempt): void {
    if (this.#attempts.get(key) === attempt) this.#attempts.delete(key);
  }

  #join(key: string, attempt: Attempt, signal: AbortSignal | undefined): Promise<Connection> {
    attempt.waiting += 1;
    if (!signal) return attempt.connection;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        reject(aborted(signal));
        attempt.waiting -= 1;
        if (attempt.waiting > 0) return;
        this.#forget(key, attempt);
        attempt.controller.abort(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      const done = (): void => signal.removeEventListener('abort', giveUp);
      attempt.connection.then(resolve, reject).finally(done);
    });
  }

  #add(key: string, connection: Connection): void {
    this.#open.set(key, connection);
    this.#keys.set(connection, key);
  }
}

interface Attempt {
  readonly controller: AbortController;
  readonly connection: Promise<Connection>;
  waiting: number;
}

/** The name counts only where a certificate shows it. */
const keyOf = (to: TransportAddress, servername = ''): string => {
  const isVerified = to.protocol === 'tls' || to.protocol === 'wss';
  return `${formatAddress(to)} ${isVerified ? servername : ''}`.toLowerCase();
};

const closedPool = (): SIPXError => new SIPXError('SIPX_CLOSED', 'the connection pool is closed');

const aborted = ({ reason }: AbortSignal): SIPXError =>
  new SIPXError('SIPX_ABORTED', 'waiting for a connection was given up', { cause: reason });
