import { type IdSource, ProtocolError, UsageError } from '@sipx/contracts';
import { type Algorithm, algorithmNamed, algorithmNames, strengthOf } from './algorithm.ts';
import type { Protection } from './authorization.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { digestResponse, ha1Of } from './digest-response.ts';
import { isDigest, quote, refuseControls } from './grammar.ts';

export interface DigestAuthOptions {
  readonly credentials: Credentials;
  readonly ids: IdSource;
}

export interface AuthorizeOptions {
  /** One, or all that came with the response: the strongest that is known is answered. */
  readonly challenge: Challenge | readonly Challenge[];
  readonly method: string;
  /** The Request-URI, exactly as it is sent. */
  readonly uri: string;
  /** For a qop that covers it; `auth` does not. */
  readonly body?: Uint8Array | undefined;
}

/** Nonces whose count is kept. Each realm needs one, sometimes two for a moment. */
const NONCES = 256;

/** Answers Digest challenges for one user (RFC 3261 22.4, RFC 7616 3.4, RFC 8760). */
export class DigestAuth {
  readonly #credentials: Credentials;
  readonly #ids: IdSource;
  readonly #counts = new Map<string, number>();

  /** @throws UsageError SIPX_USAGE_HEADER for a username, SIPX_USAGE for an HA1 that cannot be used */
  constructor({ credentials, ids }: DigestAuthOptions) {
    refuseControls(credentials.username);
    if ('ha1' in credentials && !algorithmNamed(credentials.algorithm)) {
      throw new UsageError('SIPX_USAGE', 'HA1 of an unknown algorithm', {
        expected: algorithmNames(),
        got: String(credentials.algorithm),
      });
    }
    this.#credentials = credentials;
    this.#ids = ids;
  }

  /**
   * The challenge that `authorize` answers: the strongest algorithm among those that are known and fit the
   * credentials, the first of equals. Strongest, not topmost (RFC 8760 2.4), so that nobody on the way can ask
   * for less by reordering.
   */
  choose(challenges: readonly Challenge[]): Challenge | undefined {
    let best: { challenge: Challenge; strength: number } | undefined;
    for (const challenge of challenges) {
      const algorithm = this.#usable(challenge);
      if (!algorithm) continue;
      const strength = strengthOf(algorithm);
      if (!best || strength > best.strength) best = { challenge, strength };
    }
    return best?.challenge;
  }

  /**
   * The value for Authorization or Proxy-Authorization. A nonce that is answered again gets the next count.
   * @throws ProtocolError SIPX_AUTH_UNSUPPORTED when no challenge can be answered
   */
  authorize({ challenge, method, uri }: AuthorizeOptions): string {
    const challenges: readonly Challenge[] = 'nonce' in challenge ? [challenge] : challenge;
    const answered = this.choose(challenges);
    const algorithm = answered && this.#usable(answered);
    if (!algorithm) throw unsupported(challenges);

    const { realm, nonce, opaque } = answered;
    const { username } = this.#credentials;
    const protection = answered.qop.length > 0 ? this.#protect(nonce) : undefined;
    const ha1 = this.#ha1(algorithm, realm);
    const response = digestResponse({ hash: algorithm.hash, ha1, nonce, method, uri, protection });

    let text = `Digest username=${quote(username)}, realm=${quote(realm)}, nonce=${quote(nonce)}`;
    text += `, uri=${quote(uri)}, response="${response}"`;
    // Echoed only where it came: there are servers that know no such parameter.
    if (answered.algorithm !== undefined) text += `, algorithm=${answered.algorithm}`;
    if (opaque !== undefined) text += `, opaque=${quote(opaque)}`;
    if (protection) {
      text += `, qop=${protection.qop}, cnonce=${quote(protection.cnonce)}, nc=${protection.nc}`;
    }
    return text;
  }

  #usable({ scheme, realm, algorithm: name, qop }: Challenge): Algorithm | undefined {
    const credentials = this.#credentials;
    if (!isDigest(scheme) || (qop.length > 0 && !qop.includes('auth'))) return undefined;
    if (credentials.realm !== undefined && credentials.realm !== realm) return undefined;
    const algorithm = algorithmNamed(name);
    const fits = !('ha1' in credentials) || algorithmNamed(credentials.algorithm) === algorithm;
    return fits ? algorithm : undefined;
  }

  #protect(nonce: string): Protection {
    const count = (this.#counts.get(nonce) ?? 0) + 1;
    // Deleted first, so that the map's order is that of use and its first entry the oldest.
    this.#counts.delete(nonce);
    this.#counts.set(nonce, count);
    if (this.#counts.size > NONCES) {
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    }
    return { qop: 'auth', cnonce: this.#ids.token(), nc: count.toString(16).padStart(8, '0') };
  }

  #ha1(algorithm: Algorithm, realm: string): string {
    const credentials = this.#credentials;
    if ('ha1' in credentials) return credentials.ha1.toLowerCase();
    return ha1Of(algorithm.hash, credentials.username, realm, credentials.password);
  }
}

const unsupported = (challenges: readonly Challenge[]): ProtocolError =>
  new ProtocolError('SIPX_AUTH_UNSUPPORTED', 'no challenge that can be answered', {
    expected: `Digest with ${algorithmNames()} for a realm of the credentials`,
    got:
      challenges
        .map(({ scheme, realm, algorithm = '', qop }) =>
          [scheme, algorithm, ...qop, `for ${JSON.stringify(realm)}`].filter(Boolean).join(' '),
        )
        .join('; ') || 'no challenge',
  });
