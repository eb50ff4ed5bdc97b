import { ProtocolError } from '@sipx/contracts';
import { type Authentication, isDigest, quote, refuseControls } from './grammar.ts';

export interface ChallengeOptions {
  /** Digest. */
  readonly scheme?: string | undefined;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string | undefined;
  readonly algorithm?: string | undefined;
  readonly qop?: readonly string[] | undefined;
  readonly stale?: boolean | undefined;
}

/** What a WWW-Authenticate or Proxy-Authenticate field asks for (RFC 7616 3.3, RFC 8760). */
export class Challenge {
  readonly scheme: string;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As it was written; undefined where the challenge named none, which means MD5. */
  readonly algorithm: string | undefined;
  /** In lower case; empty where the challenge named none (RFC 2069). */
  readonly qop: readonly string[];
  /** Only the nonce was refused; the same credentials may be tried with this one. */
  readonly stale: boolean;

  constructor(options: ChallengeOptions) {
    this.scheme = options.scheme ?? 'Digest';
    this.realm = options.realm;
    this.nonce = options.nonce;
    this.opaque = options.opaque;
    this.algorithm = options.algorithm;
    this.qop = options.qop ?? [];
    this.stale = options.stale ?? false;
  }

  /**
   * The header's value.
   * @throws UsageError SIPX_USAGE_HEADER for a control character in any of the fields
   */
  toString(): string {
    const { scheme, realm, nonce, opaque, algorithm, qop, stale } = this;
    let text = `${scheme} realm=${quote(realm)}, nonce=${quote(nonce)}`;
    if (opaque !== undefined) text += `, opaque=${quote(opaque)}`;
    if (stale) text += ', stale=true';
    if (algorithm !== undefined) text += `, algorithm=${algorithm}`;
    if (qop.length > 0) text += `, qop=${quote(qop.join(','))}`;
    refuseControls(text);
    return text;
  }
}

export const challengeFrom = ({ scheme, params }: Authentication): Challenge => {
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  if (isDigest(scheme) && (realm === undefined || nonce === undefined)) {
    throw new ProtocolError('SIPX_PARSE_CHALLENGE', 'an incomplete challenge', {
      expected: 'realm and nonce',
      got: [...params.keys()].join(', ') || 'no parameter',
    });
  }
  return new Challenge({
    scheme,
    realm: realm ?? '',
    nonce: nonce ?? '',
    opaque: params.get('opaque'),
    algorithm: params.get('algorithm'),
    qop:
      params
        .get('qop')
        ?.toLowerCase()
        .match(/[^\s,]+/g) ?? [],
    stale: params.get('stale')?.toLowerCase() === 'true',
  });
};
