import { type Authorization, authorizationFrom } from './authorization.ts';
import { type Challenge, challengeFrom } from './challenge.ts';
import { readAuthentication } from './grammar.ts';

/** Reads the values of authentication headers (RFC 3261 25.1, RFC 7616 3.3 and 3.4). */
export interface AuthParser {
  /**
   * WWW-Authenticate or Proxy-Authenticate. SIP gives one challenge a field; HTTP's lists of them are read too,
   * and so are schemes other than Digest (with an empty realm or nonce when they have none).
   * @throws ProtocolError SIPX_PARSE_CHALLENGE
   */
  parseChallenges(header: string): Challenge[];

  /**
   * Authorization or Proxy-Authorization: the Digest credentials of one field.
   * @throws ProtocolError SIPX_PARSE_HEADER, or SIPX_AUTH_UNSUPPORTED for a scheme other than Digest
   */
  parseCredentials(header: string): Authorization;
}

export const AuthParser: AuthParser = {
  parseChallenges: (header) =>
    readAuthentication(header, 'SIPX_PARSE_CHALLENGE').map(challengeFrom),
  parseCredentials: (header) => authorizationFrom(readAuthentication(header, 'SIPX_PARSE_HEADER')),
};
