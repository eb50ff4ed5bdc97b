import { AuthParser, type Challenge, type DigestAuth } from '@sipx/auth';
import { SIPXError } from '@sipx/contracts';
import type { Request, Response } from '@sipx/message';

type AuthorizationField = 'Authorization' | 'Proxy-Authorization';

/** All that one realm asks, in the algorithms that it offers, and where the answer goes. */
export interface Question {
  readonly field: AuthorizationField;
  readonly realm: string;
  readonly challenges: readonly Challenge[];
}

export interface Answer {
  readonly field: AuthorizationField;
  readonly realm: string;
  readonly challenge: Challenge;
  /** How often this realm has been answered, with this one. */
  readonly count: number;
}

/** Realms that are looked at: a response may name thousands. */
const REALMS = 8;

/** A forking proxy collects the challenges of all branches, of both kinds (RFC 3261 16.7, step 7). */
export const questionsIn = (response: Response): Question[] =>
  [
    ...questionsOf('Authorization', response.headers.rawAll('WWW-Authenticate')),
    ...questionsOf('Proxy-Authorization', response.headers.rawAll('Proxy-Authenticate')),
  ].slice(0, REALMS);

const questionsOf = (field: AuthorizationField, headers: readonly string[]): Question[] => {
  const realms = new Map<string, Challenge[]>();
  for (const challenge of headers.flatMap(readable)) {
    const known = realms.get(challenge.realm);
    if (known) known.push(challenge);
    else realms.set(challenge.realm, [challenge]);
  }
  return [...realms].map(([realm, challenges]) => ({ field, realm, challenges }));
};

/** A challenge that cannot be read is passed over as one that is not known. */
const readable = (header: string): Challenge[] => {
  try {
    return AuthParser.parseChallenges(header);
  } catch (error) {
    if (error instanceof SIPXError) return [];
    throw error;
  }
};

/** The request with these answers; those to other realms stay. */
export const authorized = (
  request: Request,
  answers: readonly Answer[],
  digest: DigestAuth,
): Request => {
  const changed = request.with({});
  const { method, headers } = changed;
  const uri = changed.uri.toString();
  for (const { field, realm, challenge } of answers) {
    const others = headers.rawAll(field).filter((value) => realmOf(value) !== realm);
    headers.set(field, [...others, digest.authorize({ challenge, method, uri })]);
  }
  return changed;
};

const realmOf = (authorization: string): string | undefined => {
  try {
    return AuthParser.parseCredentials(authorization).realm;
  } catch (error) {
    if (error instanceof SIPXError) return undefined;
    throw error;
  }
};
