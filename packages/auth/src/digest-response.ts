import type { Protection } from './authorization.ts';
import type { Hash } from './hash.ts';

export interface DigestInput {
  readonly hash: Hash;
  readonly ha1: string;
  readonly nonce: string;
  readonly method: string;
  readonly uri: string;
  readonly protection: Protection | undefined;
}

/** The `response` parameter: RFC 7616 3.4.1, and RFC 2617 3.2.2.1 where there is no qop. */
export const digestResponse = (input: DigestInput): string => {
  const { hash, ha1, nonce, method, uri, protection } = input;
  const ha2 = hash(`${method}:${uri}`);
  if (!protection) return hash(`${ha1}:${nonce}:${ha2}`);
  const { nc, cnonce, qop } = protection;
  return hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
};

export const ha1Of = (hash: Hash, username: string, realm: string, password: string): string =>
  hash(`${username}:${realm}:${password}`);
