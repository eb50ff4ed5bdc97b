import type { Clock, IdSource } from '@sipx/contracts';
import { cryptoIds, systemClock } from '@sipx/contracts';
import type { NameAddr, Request, Response, URI } from '@sipx/message';
import { isSipURI } from '@sipx/message';
import { Gatekeeper } from './gatekeeper.ts';
import { type Binding, type LocationStore, MemoryLocationStore } from './location-store.ts';
import type { ServerContext } from './server-context.ts';
import type { Answer, Service } from './service.ts';
import type { Users } from './user-directory.ts';

export interface RegistrarOptions {
  /** The host part of the addresses of record, and the realm of the challenges. */
  readonly domain: string;
  readonly users: Users;
  /** Digest algorithms in the order offered. SHA-256 and MD5. */
  readonly algorithms?: readonly string[];
  readonly store?: LocationStore;
  /** Seconds: granted when none are asked for (3,600), the fewest (60) and the most (7,200) granted. */
  readonly expires?: { readonly default?: number; readonly min?: number; readonly max?: number };
  /** Bindings that one address may have. 10. */
  readonly maxBindings?: number;
  readonly clock?: Clock;
  readonly ids?: IdSource;
}

/** Keeps where users are (RFC 3261 10.3); who registers shows a digest for their own address. */
export class Registrar implements Service {
  readonly #domain: string;
  readonly #store: LocationStore;
  readonly #expires: { readonly default: number; readonly min: number; readonly max: number };
  readonly #maxBindings: number;
  readonly #clock: Clock;
  readonly #gatekeeper: Gatekeeper;
  /** One REGISTER an address at a time: what is read is what is changed. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: RegistrarOptions) {
    const { domain, users, algorithms, clock = systemClock(), ids = cryptoIds() } = options;
    this.#domain = domain.toLowerCase();
    this.#store = options.store ?? new MemoryLocationStore();
    this.#expires = { default: 3600, min: 60, max: 7200, ...options.expires };
    this.#maxBindings = options.maxBindings ?? 10;
    this.#clock = clock;
    this.#gatekeeper = new Gatekeeper('server', {
      realm: domain,
      users,
      clock,
      ids,
      ...(algorithms && { algorithms }),
    });
  }

  /** Where a user can be reached now, the latest binding first. */
  async lookup(uri: URI): Promise<readonly Binding[]> {
    const aor = this.#aorOf(uri);
    if (aor === undefined) return [];
    return this.#live(await this.#store.get(aor));
  }

  /** Is this an address of record of the registrar's domain? */
  serves(uri: URI): boolean {
    return this.#aorOf(uri) !== undefined;
  }

  guard(request: Request): Response | undefined {
    return request.method === 'REGISTER' ? this.#gatekeeper.guard(request) : undefined;
  }

  async handle(context: ServerContext): Promise<Answer> {
    const { request } = context;
    if (request.method !== 'REGISTER') return undefined;
    if (context.incoming.merged) return 482;
    const user = await this.#gatekeeper.admit(context);
    if (typeof user !== 'string') return user;
    const aor = this.#aorOf(request.to.uri);
    if (aor === undefined) return 404;
    if (aor !== `${user.toLowerCase()}@${this.#domain}`) return 403;
    return this.#inTurn(aor, () => this.#register(context, aor));
  }

  async #register(context: ServerContext, aor: string): Promise<Answer> {
    const { request } = context;
    const live = this.#live(await this.#store.get(aor));
    const contacts = request.headers.getAll('Contact');
    if (contacts.length === 0) return this.#granted(context, live);
    const wildcard = contacts.some((contact) => contact.wildcard);
    if (wildcard && (contacts.length > 1 || request.headers.get('Expires') !== 0)) return 400;
    const { callId, cseq } = request;
    // An older REGISTER that arrives late changes nothing (10.3, step 7).
    if (live.some((b) => b.callId === callId && b.cseq >= cseq.sequence)) return 500;
    if (wildcard) {
      await this.#store.set(aor, []);
      return this.#granted(context, []);
    }
    const changed = this.#changed(request, contacts, live);
    if (typeof changed === 'number') return this.#refused(context, changed);
    await this.#store.set(aor, changed);
    return this.#granted(context, changed);
  }

  #changed(
    request: Request,
    contacts: readonly NameAddr[],
    live: readonly Binding[],
  ): readonly Binding[] | number {
    const now = this.#clock.now();
    let bindings = [...live];
    for (const contact of contacts) {
      const { uri } = contact;
      if (!isSipURI(uri)) return 400;
      const seconds = this.#secondsFor(request, contact);
      if (seconds > 0 && seconds < this.#expires.min) return 423;
      bindings = bindings.filter((binding) => !binding.contact.equals(uri));
      if (seconds === 0) continue;
      const expiresAt = now + Math.min(seconds, this.#expires.max) * 1000;
      bindings.unshift({
        contact: uri,
        expiresAt,
        callId: request.callId,
        cseq: request.cseq.sequence,
      });
    }
    return bindings.length > this.#maxBindings ? 403 : bindings;
  }

  /** The Contact's own expires, then Expires, then the default (10.3, step 7); nonsense counts as the default. */
  #secondsFor(request: Request, contact: NameAddr): number {
    const own = contact.params.get('expires');
    const seconds = own === undefined ? request.headers.get('Expires') : Number(own);
    return seconds !== undefined && Number.isInteger(seconds) && seconds >= 0
      ? seconds
      : this.#expires.default;
  }

  #refused(context: ServerContext, status: number): Response {
    const { min } = this.#expires;
    return context.reply(status, status === 423 ? { headers: { 'Min-Expires': min } } : {});
  }

  #granted(context: ServerContext, bindings: readonly Binding[]): Response {
    const response = context.reply(200);
    const now = this.#clock.now();
    for (const { contact, expiresAt } of bindings) {
      const seconds = Math.max(0, Math.round((expiresAt - now) / 1000));
      response.headers.append('Contact', `<${contact}>;expires=${seconds}`);
    }
    response.headers.set('Date', new Date(this.#clock.wallTime()).toUTCString());
    return response;
  }

  #live(bindings: readonly Binding[]): readonly Binding[] {
    const now = this.#clock.now();
    return bindings.filter(({ expiresAt }) => expiresAt > now);
  }

  /** User names are compared without regard to case here, so that a phone's spelling finds its user. */
  #aorOf(uri: URI): string | undefined {
    if (!isSipURI(uri) || uri.user === undefined) return undefined;
    if (uri.host.toLowerCase() !== this.#domain) return undefined;
    return `${uri.user.toLowerCase()}@${this.#domain}`;
  }

  async #inTurn<T>(aor: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(aor) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.#turns.set(aor, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(aor) === settled) this.#turns.delete(aor);
    }
  }
}
