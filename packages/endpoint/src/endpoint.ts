import type {
  Clock,
  Connection,
  IdSource,
  Logger,
  Resolver,
  SIPXError,
  TransportAddress,
  TransportConfig,
  TransportFactory,
  TransportProtocol,
} from '@sipx/contracts';
import { cryptoIds, parseAddress, silentLogger, systemClock, UsageError } from '@sipx/contracts';
import type { StateManagerOptions, TimerValues } from '@sipx/fsm';
import { DEFAULT_TIMERS, StateManager } from '@sipx/fsm';
import { EventContext, type HandlerChain } from '@sipx/handlers';
import type { Request, Response, SipURI } from '@sipx/message';
import { serialize } from '@sipx/message';
import { EventEmitter } from 'eventemitter3';
import { Dispatcher } from './dispatcher.ts';
import { type Drops, noDrops } from './drops.ts';
import { Exchange, type Prepare, type ExchangeOptions, type ResponseSink } from './exchange.ts';
import type { Owner } from './owner.ts';
import { Runner } from './runner.ts';
import { Sender } from './sender.ts';
import { Sockets } from './sockets.ts';
import { Transmission } from './transmission.ts';
import type { WireEvent } from './wire.ts';

export interface EndpointOptions {
  /** By value (`udp()`) or by name in any case, loaded when first used. UDP and TCP when not given. */
  readonly transports?: readonly (TransportFactory | string)[];
  /** Where to bind, as `udp:0.0.0.0:5060`; what is not listed gets a free port when it is first needed. */
  readonly listen?: readonly (TransportAddress | string)[];
  /** Host names, besides the bound addresses, that mean this endpoint in a Route. */
  readonly names?: readonly string[];
  readonly config?: TransportConfig;
  /** T1, T2 and T4 in milliseconds (RFC 3261 appendix A): 500, 4,000 and 5,000. */
  readonly timers?: Partial<TimerValues>;
  readonly limits?: NonNullable<StateManagerOptions['limits']>;
  readonly resolver?: Resolver;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly logger?: Logger;
}

/**
 * The only owner of sockets, timers and transactions. Clients and servers that share one share its ports; a
 * message that arrives goes to the one it is for. It does no I/O before `listen` or the first request.
 */
export class Endpoint extends EventEmitter<{ wire: (event: WireEvent) => void }> {
  readonly stateManager: StateManager;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly timers: TimerValues;

  readonly #drops: Drops = noDrops();
  readonly #sockets: Sockets;
  readonly #runner: Runner;
  readonly #sender: Sender;
  readonly #dispatcher: Dispatcher;
  readonly #names: ReadonlySet<string>;
  #closed = false;

  constructor(options: EndpointOptions = {}) {
    super();
    this.clock = options.clock ?? systemClock();
    this.ids = options.ids ?? cryptoIds();
    this.logger = options.logger ?? silentLogger;
    this.timers = { ...DEFAULT_TIMERS, ...options.timers };
    this.stateManager = new StateManager({
      ...(options.limits && { limits: options.limits }),
      run: (transaction, event) => this.#runner.dispatch(transaction, event),
      observerFailed: (err) => this.logger.error({ err }, 'a state observer threw'),
    });
    this.#names = new Set(options.names?.map((name) => name.toLowerCase()));
    const { clock, logger } = this;
    this.#sockets = new Sockets(
      {
        transports: options.transports ?? ['udp', 'tcp'],
        listen: (options.listen ?? []).map((at) =>
          typeof at === 'string' ? parseAddress(at) : at,
        ),
        config: options.config ?? {},
        dependencies: { clock, logger },
      },
      this.#socketsUser(),
    );
    this.#runner = new Runner(clock, this.stateManager, (path, bytes) =>
      this.#sockets.send(path, bytes),
    );
    this.#sender = new Sender({
      clock,
      ids: this.ids,
      timers: this.timers,
      resolver: options.resolver ?? systemNames,
      sockets: this.#sockets,
      runner: this.#runner,
      stateManager: this.stateManager,
    });
    this.#dispatcher = new Dispatcher({
      endpoint: this,
      sockets: this.#sockets,
      runner: this.#runner,
      drops: this.#drops,
    });
  }

  /** What is bound now; a port 0 that was asked for shows as the one that was given. */
  get addresses(): readonly TransportAddress[] {
    return this.#sockets.addresses;
  }

  /** What came in and went no further, by reason. */
  get drops(): Readonly<Drops> {
    return this.#drops;
  }

  /** Binds what `listen` names. Rejects with SIPX_TRANSPORT_BIND. Idempotent. */
  async listen(): Promise<readonly TransportAddress[]> {
    await this.#sockets.listen();
    return this.addresses;
  }

  /** Requests that `owner` claims go to it from now on. The function returned takes that back. */
  attach(owner: Owner): () => void {
    return this.#dispatcher.attach(owner);
  }

  /** Sends a request and tells `sink` each response; what `Exchange` returns can cancel it. */
  exchange(request: Request, options: ExchangeOptions, sink: ResponseSink): Exchange {
    this.#refuseWhenClosed();
    const exchange = new Exchange(this.#sender, options, sink);
    exchange.begin(request);
    return exchange;
  }

  /** Sends a request and resolves with its final response, whatever its status; rejects when none came. */
  request(request: Request, options: ExchangeOptions): Promise<Response> {
    return new Promise((final, failed) => this.exchange(request, options, { final, failed }));
  }

  /**
   * Sends a request that has no transaction, through the handlers: the ACK for a 2xx. The same bytes can be sent
   * again. Rejects when there is no way to its next hop.
   */
  async transmit(request: Request, options: TransmitOptions): Promise<Transmission> {
    this.#refuseWhenClosed();
    const passed = options.chain.isEmpty ? request : await this.#handled(request, options.chain);
    const path =
      this.#sender.openPath(passed, options) ?? (await this.#sender.path(passed, options));
    const sent = this.#sender.stamp(passed, path, options.prepare);
    const transmission = new Transmission(this.#sender, path, serialize(sent));
    transmission.repeat();
    return transmission;
  }

  /** Nobody answers an ACK, not even a handler. */
  async #handled(request: Request, chain: HandlerChain): Promise<Request> {
    const { clock } = this;
    const { signal } = new AbortController();
    const context = new EventContext({ request, direction: 'out', clock, signal });
    const outcome = await chain.runRequest(request, context);
    return outcome.type === 'request' ? outcome : request;
  }

  /** Where `remote` can reach us: the local address of the connection to it, the port that is bound. */
  async reachableFrom(remote: TransportAddress): Promise<TransportAddress> {
    return this.#sockets.reachable(await this.#sockets.connection(remote));
  }

  /** Does this URI, of a Route or a Request-URI, mean this endpoint? */
  isOwn({ host, port, secure }: SipURI): boolean {
    const name = host.toLowerCase();
    return this.#names.has(name) || this.#sockets.isBound(name, port ?? (secure ? 5061 : 5060));
  }

  /** Closes every socket and ends what waits with SIPX_CLOSED. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#runner.close(closed());
    this.#dispatcher.close();
    await this.#sockets.close();
    this.removeAllListeners();
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw closed();
  }

  #socketsUser(): ConstructorParameters<typeof Sockets>[1] {
    const endpoint = this;
    return {
      message: (connection, bytes, from) => this.#dispatcher.receive(connection, bytes, from),
      broken: (connection: Connection, error: SIPXError, to?: TransportAddress) => {
        this.logger.debug({ connection: connection.id, code: error.code }, 'connection failed');
        this.#runner.broken(connection, error, to);
      },
      get wire() {
        return endpoint.listenerCount('wire') > 0
          ? (event: WireEvent) => void endpoint.emit('wire', event)
          : undefined;
      },
    };
  }
}

export interface TransmitOptions {
  /** The handlers of whoever sends. */
  readonly chain: HandlerChain;
  readonly destination?: TransportAddress;
  /** As in `ExchangeOptions`. */
  readonly router?: SipURI | undefined;
  readonly transport?: TransportProtocol;
  readonly prepare?: Prepare;
}

const closed = (): SIPXError => new UsageError('SIPX_CLOSED', 'the endpoint is closed');

/** Loaded when a name is first looked up: numeric hosts, and platforms without DNS, never need it. */
const systemNames: Resolver = {
  addresses: async (host, signal) =>
    (await import('./dns.ts')).systemResolver.addresses(host, signal),
};
