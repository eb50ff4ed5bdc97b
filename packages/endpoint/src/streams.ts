import type {
  Clock,
  Connection,
  SIPXError,
  Timer,
  TransportAddress,
  TransportConfig,
} from '@sipx/contracts';
import { NetworkError } from '@sipx/contracts';
import { StreamFramer } from '@sipx/transport';

/** Timer B: whoever needs longer than this for one message will not be served. */
const READ_TIMEOUT = 32_000;

/** The answer to a keep-alive ping (RFC 5626 4.4.1). */
const PONG = new Uint8Array([13, 10]);

export interface StreamsUser {
  message(connection: Connection, bytes: Uint8Array, from: TransportAddress): void;
  /** Where the next message begins is unknown, or it does not come: the connection is of no more use. */
  faulty(connection: Connection, error: SIPXError): void;
}

/** Cuts each connection's stream into messages. A fault in the framing closes the connection (RFC 3261 18.3). */
export class Streams {
  readonly #clock: Clock;
  readonly #config: TransportConfig;
  readonly #user: StreamsUser;
  readonly #open = new Map<Connection, Stream>();

  constructor(clock: Clock, config: TransportConfig, user: StreamsUser) {
    this.#clock = clock;
    this.#config = config;
    this.#user = user;
  }

  open(connection: Connection): void {
    const { maxMessage } = this.#config;
    const remote = connection.remote ?? connection.local;
    const framer = new StreamFramer(
      {
        message: (bytes) => this.#user.message(connection, bytes, remote),
        ping: () => connection.send(PONG),
        partial: (isHalfReceived) => this.#time(connection, isHalfReceived),
        failed: (error) => this.#user.faulty(connection, error),
      },
      maxMessage === undefined ? {} : { maxBody: maxMessage },
    );
    this.#open.set(connection, { framer, deadline: undefined });
  }

  data(connection: Connection, bytes: Uint8Array): void {
    this.#open.get(connection)?.framer.push(bytes);
  }

  closed(connection: Connection): void {
    this.#open.get(connection)?.deadline?.cancel();
    this.#open.delete(connection);
  }

  close(): void {
    for (const connection of [...this.#open.keys()]) {
      this.closed(connection);
      connection.close();
    }
  }

  /** From a message's first byte to its last, however slowly the bytes between drip in. */
  #time(connection: Connection, isHalfReceived: boolean): void {
    const stream = this.#open.get(connection);
    if (!stream) return;
    stream.deadline?.cancel();
    stream.deadline = isHalfReceived
      ? this.#clock.start(this.#config.readTimeout ?? READ_TIMEOUT, () =>
          this.#user.faulty(connection, tooSlow()),
        )
      : undefined;
  }
}

const tooSlow = (): SIPXError =>
  new NetworkError('SIPX_TRANSPORT_TIMEOUT', 'the peer did not finish its message in time');

interface Stream {
  readonly framer: StreamFramer;
  deadline: Timer | undefined;
}
