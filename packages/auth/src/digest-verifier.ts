import { type Clock, type IdSource, SIPXError, UsageError } from '@sipx/contracts';
import { type Algorithm, algorithmNamed, algorithmNames } from './algorithm.ts';
import { AuthParser } from './auth-parser.ts';
import type { Authorization } from './authorization.ts';
import { Challenge } from './challenge.ts';
import { digestResponse, ha1Of } from './digest-response.ts';
import { type Nonces, sameText, statelessNonces } from './nonce.ts';

/**
 * A user's password, or HA1 for that realm and algorithm (`MD5`, `SHA-256`); undefined for an unknown user.
 * What it throws or rejects with comes out of `verify` as it is.
 */
export type Lookup = (
  username: string,
  realm: string,
  algorithm: string,
) => Secret | undefined | Promise<Secret | undefined>;

type Secret = string | { readonly ha1: string };

export interface DigestVerifierOptions {
  readonly realm: string;
  /** Offered in this order (RFC 8760 2.3: the preferred first). SHA-256, then MD5. */
  readonly algorithms?: readonly string[];
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Keys the nonces, at least 16 bytes. Give it where several servers share them; made up when left out. */
  readonly secret?: string | Uint8Array;
  readonly lookup: Lookup;
  /** How long a nonce is good for, in milliseconds. 300,000. */
  readonly nonceLifetime?: number;
  /**
   * Whether credentials made for the URI `given` are good for the Request-URI `asked`. All are by default: a
   * proxy may have changed it on the way (RFC 3261 22.4). Where clients talk to this server directly,
   * `(given, asked) => given === asked` keeps credentials from being used for another target.
   */
  readonly acceptUri?: (given: string, asked: string) => boolean;
}

export interface VerifyOptions {
  /** The Authorization or Proxy-Authorization fields; that of this realm counts. */
  readonly header: string | readonly string[] | undefined;
  readonly method: string;
  /** The Request-URI. */
  readonly uri: string;
  /** For a qop that covers it; `auth` does not. */
  readonly body?: Uint8Array | undefined;
}

/**
 * `absent`: no credentials for this realm. `malformed`: not to be read (400 rather than a new challenge).
 * `unsupported`: an algorithm or qop that was not offered. `uri`: made for another one. `stale`: right, but for
 * the nonce's age. `refused`: wrong, whether user or password.
 */
export type Refusal = 'absent' | 'malformed' | 'unsupported' | 'uri' | 'stale' | 'refused';

export type Verdict =
  | { readonly ok: true; readonly username: string }
  | { readonly ok: false; readonly stale: boolean; readonly reason: Refusal };

/** Challenges and verifies for one realm (RFC 3261 22.4, RFC 7616 3.3 and 3.4.6). Keeps no state. */
export class DigestVerifier {
  readonly realm: string;
  readonly #algorithms: readonly Algorithm[];
  readonly #nonces: Nonces;
  readonly #lookup: Lookup;
  readonly #acceptUri: (given: string, asked: string) => boolean;
  /** The password of users that do not exist: their refusal takes the same work. */
  readonly #decoy: string;

  /** @throws UsageError SIPX_USAGE for an unknown algorithm or a short secret */
  constructor(options: DigestVerifierOptions) {
    const { realm, clock, ids, lookup } = options;
    this.realm = realm;
    this.#algorithms = (options.algorithms ?? ['SHA-256', 'MD5']).map(known);
    this.#nonces = statelessNonces({
      realm,
      secret: keyFrom(options.secret, ids),
      lifetime: options.nonceLifetime ?? 300_000,
      clock,
      ids,
    });
    this.#lookup = lookup;
    this.#acceptUri = options.acceptUri ?? (() => true);
    this.#decoy = ids.token();
  }

  /** The values for WWW-Authenticate or Proxy-Authenticate, one field for each algorithm. */
  challenge({ stale = false }: { readonly stale?: boolean } = {}): string[] {
    const nonce = this.#nonces.make();
    return this.#algorithms.map(({ name: algorithm }) =>
      new Challenge({ realm: this.realm, nonce, algorithm, qop: ['auth'], stale }).toString(),
    );
  }

  /** Rejects only with what `lookup` threw. */
  async verify({ header, method, uri }: VerifyOptions): Promise<Verdict> {
    const given = this.#read(header);
    if (typeof given === 'string') return refusal(given);
    const algorithm = algorithmNamed(given.algorithm);
    if (!algorithm || !this.#algorithms.includes(algorithm) || given.protection?.qop !== 'auth') {
      return refusal('unsupported');
    }
    const secret = await this.#lookup(given.username, this.realm, algorithm.name);
    // Not skipped for a known HA1, so that the time tells nothing about the user.
    const made = ha1Of(
      algorithm.hash,
      given.username,
      this.realm,
      typeof secret === 'string' ? secret : this.#decoy,
    );
    const ha1 = typeof secret === 'object' ? secret.ha1.toLowerCase() : made;
    const { nonce, protection } = given;
    const { hash } = algorithm;
    const expected = digestResponse({ hash, ha1, nonce, method, uri: given.uri, protection });
    const right = sameText(expected, given.response) && secret !== undefined;
    const fresh = this.#nonces.isFresh(nonce);
    if (!right) return refusal('refused');
    if (!this.#acceptUri(given.uri, uri)) return refusal('uri');
    return fresh ? { ok: true, username: given.username } : refusal('stale');
  }

  #read(header: string | readonly string[] | undefined): Authorization | 'absent' | 'malformed' {
    let worst: 'absent' | 'malformed' = 'absent';
    for (const field of typeof header === 'string' ? [header] : (header ?? [])) {
      try {
        const given = AuthParser.parseCredentials(field);
        if (given.realm === this.realm) return given;
      } catch (error) {
        if (!(error instanceof SIPXError)) throw error;
        // Another scheme is somebody else's.
        if (error.code === 'SIPX_PARSE_HEADER') worst = 'malformed';
      }
    }
    return worst;
  }
}

const refusal = (reason: Refusal): Verdict => ({ ok: false, stale: reason === 'stale', reason });

const known = (name: string): Algorithm => {
  const algorithm = algorithmNamed(name);
  if (algorithm) return algorithm;
  throw new UsageError('SIPX_USAGE', 'unknown digest algorithm', {
    expected: algorithmNames(),
    got: JSON.stringify(name),
  });
};

const keyFrom = (secret: string | Uint8Array | undefined, ids: IdSource): Uint8Array => {
  const text = secret ?? Array.from({ length: 4 }, () => ids.token()).join('');
  const key = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  if (key.length >= 16) return key;
  throw new UsageError('SIPX_USAGE', 'a secret that can be guessed', {
    expected: 'at least 16 bytes',
    got: `${key.length}`,
  });
};
