import type { Clock, IdSource } from '@sipx/contracts';
import { DigestVerifier } from '@sipx/auth';
import { type Request, type Response, responseTo } from '@sipx/message';
import type { ServerContext } from './server-context.ts';
import { lookupIn, type Users } from './user-directory.ts';

export interface GatekeeperOptions {
  readonly realm: string;
  readonly users: Users;
  /** Offered in this order. SHA-256 and MD5. */
  readonly algorithms?: readonly string[];
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The headers and the status of one kind of challenge (RFC 3261 22.2, 22.3). */
const KINDS = {
  server: { status: 401, challenge: 'WWW-Authenticate', credentials: 'Authorization' },
  proxy: { status: 407, challenge: 'Proxy-Authenticate', credentials: 'Proxy-Authorization' },
} as const;

/** Asks who sent a request and checks the answer: the digest of a registrar or a proxy. */
export class Gatekeeper {
  readonly #kind: (typeof KINDS)[keyof typeof KINDS];
  readonly #verifier: DigestVerifier;

  constructor(kind: keyof typeof KINDS, options: GatekeeperOptions) {
    const { realm, users, algorithms = ['SHA-256', 'MD5'], clock, ids } = options;
    this.#kind = KINDS[kind];
    this.#verifier = new DigestVerifier({ realm, algorithms, clock, ids, lookup: lookupIn(users) });
  }

  /** The challenge for a request without credentials: it costs no state. */
  guard(request: Request): Response | undefined {
    const { credentials, status } = this.#kind;
    if (request.headers.has(credentials)) return undefined;
    return this.#challenging(responseTo(request, status));
  }

  /** The user's name, or the response that refuses. */
  async admit(context: ServerContext): Promise<string | Response> {
    const { method, uri, headers } = context.request;
    const { credentials, status } = this.#kind;
    const header = headers.rawAll(credentials);
    const verdict = await this.#verifier.verify({ header, method, uri: String(uri) });
    if (verdict.ok) return verdict.username;
    if (verdict.reason === 'malformed') return context.reply(400);
    return this.#challenging(context.reply(status), verdict.stale);
  }

  #challenging(response: Response, stale = false): Response {
    for (const challenge of this.#verifier.challenge({ stale })) {
      response.headers.append(this.#kind.challenge, challenge);
    }
    return response;
  }
}
