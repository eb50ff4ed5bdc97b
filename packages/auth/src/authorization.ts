import { ProtocolError } from '@sipx/contracts';
import { type Authentication, isDigest } from './grammar.ts';

/** What an Authorization or Proxy-Authorization field with Digest credentials says (RFC 7616 3.4). */
export interface Authorization {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  /** As the client saw it; proxies may have changed the Request-URI since. */
  readonly uri: string;
  readonly response: string;
  /** Undefined means MD5. */
  readonly algorithm: string | undefined;
  readonly opaque: string | undefined;
  /** Undefined: computed as in RFC 2069. */
  readonly protection: Protection | undefined;
}

/** The part that a quality of protection brings along. */
export interface Protection {
  readonly qop: string;
  readonly cnonce: string;
  /** Eight hexadecimal digits. */
  readonly nc: string;
}

export const authorizationFrom = (read: readonly Authentication[]): Authorization => {
  const digest = read.find(({ scheme }) => isDigest(scheme));
  if (!digest) {
    throw new ProtocolError('SIPX_AUTH_UNSUPPORTED', 'not a scheme that can be verified', {
      expected: 'Digest',
      got: read.map(({ scheme }) => scheme).join(', '),
    });
  }
  const { params } = digest;
  const required = (name: string): string => params.get(name) ?? missing(name);
  return {
    username: required('username'),
    realm: required('realm'),
    nonce: required('nonce'),
    uri: required('uri'),
    response: required('response').toLowerCase(),
    algorithm: params.get('algorithm'),
    opaque: params.get('opaque'),
    protection: params.has('qop')
      ? {
          qop: required('qop').toLowerCase(),
          cnonce: required('cnonce'),
          nc: /^[\da-f]{8}$/i.test(required('nc')) ? required('nc') : missing('eight digits of nc'),
        }
      : undefined,
  };
};

const missing = (expected: string): never => {
  throw new ProtocolError('SIPX_PARSE_HEADER', 'incomplete Digest credentials', { expected });
};
