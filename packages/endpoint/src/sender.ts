import type {
  Clock,
  IdSource,
  Resolver,
  SIPXError,
  TransportAddress,
  TransportProtocol,
} from '@sipx/contracts';
import { hostPort, NetworkError } from '@sipx/contracts';
import type { StateManager, TimerValues, Transaction } from '@sipx/fsm';
import type { Request, SipURI } from '@sipx/message';
import { locate, locateLiteral } from '@sipx/transport';
import type { Prepare } from './exchange.ts';
import { nextHop } from './next-hop.ts';
import type { Path, Runner, TransactionUser } from './runner.ts';
import type { Sockets } from './sockets.ts';

export interface SenderParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly timers: TimerValues;
  readonly resolver: Resolver;
  readonly sockets: Sockets;
  readonly runner: Runner;
  readonly stateManager: StateManager;
}

/** Where a request goes, when not where its Route or Request-URI says by itself. */
export interface Direction {
  readonly destination?: TransportAddress;
  readonly router?: SipURI | undefined;
  readonly transport?: TransportProtocol;
}

/** How a request of ours gets out: its path is found, its Via put on, its transaction started. */
export class Sender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  get timers(): TimerValues {
    return this.#parts.timers;
  }

  /** A connection towards `destination`, or where Route and Request-URI lead (RFC 3261 8.1.2, 3263). */
  async path(
    request: Request,
    { destination, router, transport }: Direction,
    signal?: AbortSignal,
  ): Promise<Path> {
    const { resolver, sockets } = this.#parts;
    const targets = destination
      ? [destination]
      : await locate(router ?? nextHop(request), resolver, { signal, protocol: transport });
    let failure: unknown;
    for (const target of targets) {
      try {
        return { connection: await sockets.connection(target, signal) };
      } catch (error) {
        if (signal?.aborted) throw error;
        failure = error;
      }
    }
    throw failure ?? new NetworkError('SIPX_RESOLVE', 'nowhere to send the request');
  }

  /** The path where there is nothing to wait for: a numeric host, and a connection to it that is open. */
  openPath(request: Request, { destination, router, transport }: Direction): Path | undefined {
    const { sockets } = this.#parts;
    try {
      const target = destination ?? locateLiteral(router ?? nextHop(request), transport);
      const connection = target && sockets.openConnection(target);
      return connection && { connection };
    } catch {
      // `path` will fail as well, and its caller hears of it in its own time.
      return undefined;
    }
  }

  /** The request as it goes out: a Via of its own on top, Max-Forwards where it is missing, what its owner adds. */
  stamp(request: Request, path: Path, prepare?: Prepare): Request {
    const { ids, sockets } = this.#parts;
    const sent = request.with({});
    const local = sockets.reachable(path.connection);
    const branch = `z9hG4bK${ids.token()}`;
    const transport = path.connection.protocol.toUpperCase();
    const sentBy = hostPort(local.host, local.port);
    sent.headers.prepend('Via', `SIP/2.0/${transport} ${sentBy};branch=${branch};rport`);
    if (!sent.headers.has('Max-Forwards')) sent.headers.set('Max-Forwards', 70);
    prepare?.(sent, local);
    return sent;
  }

  start(request: Request, bytes: Uint8Array, path: Path, user: TransactionUser): Transaction {
    const { stateManager, runner, timers } = this.#parts;
    const { reliable } = path.connection;
    const transaction = stateManager.createClientTransaction(request, bytes, { reliable, timers });
    runner.start(transaction, path, user);
    runner.dispatch(transaction, { type: 'start' });
    return transaction;
  }

  /** Ends a transaction that nobody waits for any more (RFC 3261 9.1). */
  abandon(transaction: Transaction, why: SIPXError): void {
    this.#parts.runner.abandon(transaction, why);
  }

  /** Bytes that no transaction repeats: an ACK for a 2xx, a message sent on statelessly. */
  transmit(path: Path, bytes: Uint8Array): void {
    this.#parts.sockets.send(path, bytes);
  }
}
