import type { Connection, TransportAddress } from '@sipx/contracts';
import { ProtocolError, SIPXError } from '@sipx/contracts';
import { timerProfile, type Transaction } from '@sipx/fsm';
import { EventContext, type MaybePromise } from '@sipx/handlers';
import type { Request, Response } from '@sipx/message';
import { responseTo, serialize } from '@sipx/message';
import { responseDestination } from '@sipx/transport';
import { Deadlines } from './deadlines.ts';
import { type Arrival, Door } from './door.ts';
import type { Drops } from './drops.ts';
import type { Endpoint } from './endpoint.ts';
import { type IncomingHome, IncomingRequest } from './incoming-request.ts';
import type { Owner } from './owner.ts';
import type { Path, Runner } from './runner.ts';
import { isWildcard, type Sockets } from './sockets.ts';
import { StatelessTag } from './stateless.ts';

/** Seconds after which a sender may try again when a limit refused it. */
const RETRY_AFTER = 5;

export interface DispatcherParts {
  readonly endpoint: Endpoint;
  readonly sockets: Sockets;
  readonly runner: Runner;
  readonly drops: Drops;
}

/** The way in after the door: transaction match, guard, new transaction, owner. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #owners: Owner[] = [];
  /** A name for each owner, by which its merged requests are told from another's. */
  readonly #cores = new WeakMap<Owner, string>();
  #attached = 0;
  readonly #statelessTag: StatelessTag;
  readonly #door: Door;
  readonly #home: IncomingHome;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    const { endpoint, runner, drops } = parts;
    const { clock, ids, logger } = endpoint;
    this.#home = {
      runner,
      trying: new Deadlines(clock),
      lateTrying: timerProfile(endpoint.timers, false).trying,
      clock,
      ids,
      logger,
      localFor: (connection, remote) => this.#localFor(connection, remote),
    };
    this.#statelessTag = new StatelessTag(endpoint.ids);
    this.#door = new Door({
      drops,
      statelessTag: this.#statelessTag,
      isOwn: (uri) => endpoint.isOwn(uri),
      respond: (arrival, response) => this.#respondStateless(arrival, response),
    });
  }

  attach(owner: Owner): () => void {
    this.#owners.push(owner);
    this.#cores.set(owner, String(++this.#attached));
    return () => {
      const at = this.#owners.indexOf(owner);
      if (at >= 0) this.#owners.splice(at, 1);
    };
  }

  receive(connection: Connection, bytes: Uint8Array, from: TransportAddress): void {
    const arrival = this.#door.enter(connection, bytes, from);
    if (!arrival) return;
    try {
      this.#route(arrival);
    } catch (error) {
      // A header that is read late and found malformed; what else is thrown is a bug, ours or a listener's.
      if (!(error instanceof ProtocolError)) throw error;
      this.#parts.drops.invalid += 1;
      this.#parts.endpoint.logger.warn({ code: error.code, from }, error.message);
    }
  }

  close(): void {
    this.#owners.length = 0;
  }

  #route(arrival: Arrival): void {
    const { message } = arrival;
    if (message.type === 'response') this.#response(message);
    else if (message.method === 'ACK') this.#ack(arrival, message);
    else if (message.method === 'CANCEL') this.#cancel(arrival, message);
    else this.#request(arrival, message);
  }

  #response(response: Response): void {
    const { endpoint, runner, drops } = this.#parts;
    const transaction = endpoint.stateManager.findClientTransaction(response);
    if (!transaction) {
      drops.strayResponse += 1;
      return;
    }
    const type = response.provisional ? 'provisional' : response.ok ? 'success' : 'failure';
    runner.dispatch(transaction, { type, response });
  }

  #ack(arrival: Arrival, ack: Request): void {
    const { endpoint, runner, drops } = this.#parts;
    const transaction = endpoint.stateManager.findServerTransaction(ack);
    if (transaction) runner.dispatch(transaction, { type: 'ack', request: ack });
    if (transaction?.state !== undefined && transaction.state !== 'accepted') return;
    if (this.#statelessTag.acknowledges(ack)) return;
    const owner = this.#ownerOf(ack);
    if (owner?.acknowledge) void this.#acknowledge(owner, ack, arrival.routed);
    else drops.strayAck += 1;
  }

  /** The ACK for a 2xx passes the handlers too; a response of theirs to it has nowhere to go. */
  #acknowledge(owner: Owner, ack: Request, routed: boolean): MaybePromise<void> {
    if (owner.chain.isEmpty) return owner.acknowledge?.({ request: ack, routed });
    const { clock, logger } = this.#parts.endpoint;
    const { signal } = new AbortController();
    const context = new EventContext({ request: ack, direction: 'in', clock, signal });
    const passed = (outcome: Request | Response): void =>
      owner.acknowledge?.({ request: outcome.type === 'request' ? outcome : ack, routed });
    const failed = (err: unknown): void => logger.error({ err }, 'an ACK was not taken');
    try {
      const outcome = owner.chain.runRequest(ack, context);
      if (outcome instanceof Promise) return outcome.then(passed, failed);
      passed(outcome);
    } catch (error) {
      failed(error);
    }
  }

  #cancel(arrival: Arrival, cancel: Request): void {
    if (this.#isRepeat(cancel)) return;
    const { stateManager } = this.#parts.endpoint;
    const invite = stateManager.findCancelled(cancel);
    const user = invite && this.#parts.runner.userOf(invite);
    const incoming = user instanceof IncomingRequest ? user : undefined;
    const transaction = this.#begin(arrival, cancel);
    if (!transaction) return;
    // The same To tag as the INVITE's responses (RFC 3261 9.2).
    const status = invite ? 200 : 481;
    const toTag = incoming?.toTag ?? this.#statelessTag.of(cancel);
    const response = responseTo(cancel, status, { toTag });
    this.#parts.runner.start(transaction, this.#pathBack(arrival, cancel), silent);
    this.#parts.runner.dispatch(transaction, {
      type: 'respond',
      response,
      bytes: serialize(response),
    });
    incoming?.cancel();
  }

  #request(arrival: Arrival, request: Request): void {
    if (this.#isRepeat(request)) return;
    const owner = this.#ownerOf(request);
    if (!owner) return this.#refuse(arrival, request, 404);
    const refusal = owner.guard?.(request);
    if (refusal) return this.#respondStateless(arrival, this.#tagged(request, refusal));
    const core = this.#cores.get(owner);
    const transaction = this.#begin(arrival, request, core);
    if (transaction) this.#deliver(arrival, request, transaction, owner);
  }

  #isRepeat(request: Request): boolean {
    const { endpoint, runner } = this.#parts;
    const transaction = endpoint.stateManager.findServerTransaction(request);
    if (transaction) runner.dispatch(transaction, { type: 'request', request });
    return transaction !== undefined;
  }

  #begin(arrival: Arrival, request: Request, core?: string): Transaction | undefined {
    const { endpoint, drops } = this.#parts;
    const { reliable } = arrival.connection;
    try {
      const { stateManager, timers } = endpoint;
      return stateManager.createServerTransaction(request, { reliable, timers, core });
    } catch (error) {
      if (!(error instanceof SIPXError)) throw error;
      drops.overload += 1;
      this.#refuse(arrival, request, 503, { 'Retry-After': RETRY_AFTER });
      return undefined;
    }
  }

  #deliver(arrival: Arrival, request: Request, transaction: Transaction, owner: Owner): void {
    const incoming = new IncomingRequest(this.#home, arrival, request, transaction, owner.chain);
    this.#parts.runner.start(transaction, this.#pathBack(arrival, request), incoming);
    if (owner.chain.isEmpty) this.#receive(incoming, owner, request);
    else {
      const pass = incoming.lane.run(() => this.#handle(incoming, owner));
      pass?.catch((error: unknown) => this.#broke(incoming, error));
    }
    incoming.expectAnswer();
  }

  /** The lane is held while handlers run, not while the owner works: what it responds passes them next. */
  #handle(incoming: IncomingRequest, owner: Owner): Promise<void> | void {
    const receive = (outcome: Request | Response): void => this.#receive(incoming, owner, outcome);
    try {
      const outcome = owner.chain.runRequest(incoming.request, incoming.context);
      if (outcome instanceof Promise) return outcome.then(receive);
      receive(outcome);
    } catch (error) {
      this.#broke(incoming, error);
    }
  }

  #receive(incoming: IncomingRequest, owner: Owner, outcome: Request | Response): void {
    const fault = (error: unknown): void => this.#broke(incoming, error);
    try {
      const work =
        outcome.type === 'response' ? incoming.respond(outcome) : owner.receive(incoming);
      work?.catch(fault);
    } catch (error) {
      fault(error);
    }
  }

  /** An owner or handler that throws costs its own request a 500 and nothing else. */
  #broke(incoming: IncomingRequest, error: unknown): void {
    this.#parts.endpoint.logger.error(
      { err: error, method: incoming.request.method },
      'request failed',
    );
    incoming.broke(error);
  }

  #ownerOf(request: Request): Owner | undefined {
    return (
      this.#owners.find((owner) => owner.claims(request)) ??
      this.#owners.find((owner) => owner.takesRest) ??
      (this.#owners.length === 1 ? this.#owners[0] : undefined)
    );
  }

  #refuse(
    arrival: Arrival,
    request: Request,
    status: number,
    headers: Record<string, string | number> = {},
  ): void {
    const response = responseTo(request, status, {
      toTag: this.#statelessTag.of(request),
      headers,
    });
    this.#respondStateless(arrival, response);
  }

  #tagged(request: Request, response: Response): Response {
    if (response.to.tag === undefined && request.to.tag === undefined) {
      response.headers.set('To', response.to.with({ tag: this.#statelessTag.of(request) }));
    }
    return response;
  }

  #respondStateless(arrival: Arrival, response: Response): void {
    const { message } = arrival;
    if (message.type !== 'request') return;
    this.#parts.sockets.send(this.#pathBack(arrival, message), serialize(response));
  }

  /** Back on the connection that brought it; on UDP to where RFC 3261 18.2.2 and RFC 3581 say. */
  #pathBack({ connection, from }: Arrival, request: Request): Path {
    return connection.remote
      ? { connection }
      : { connection, to: responseDestination(request.via, from) };
  }

  #localFor(connection: Connection, remote: TransportAddress): MaybePromise<TransportAddress> {
    const local = this.#parts.sockets.reachable(connection);
    return isWildcard(local.host) ? this.#parts.endpoint.reachableFrom(remote) : local;
  }
}

const silent = { deliver(): void {}, failed(): void {} };
