import { type Hash, md5, sha256 } from './hash.ts';

/** A hash that Digest may use: a row in the table below, the strongest last. */
export interface Algorithm {
  /** As IANA's registry of digest algorithms spells it. */
  readonly name: string;
  readonly hash: Hash;
}

const ALGORITHMS: readonly Algorithm[] = [
  { name: 'MD5', hash: md5 },
  { name: 'SHA-256', hash: sha256 },
];

/** In any case; no name means MD5 (RFC 7616 3.3). Undefined for one that is not known. */
export const algorithmNamed = (name = 'MD5'): Algorithm | undefined =>
  ALGORITHMS.find((row) => row.name === name.toUpperCase());

/** Higher is stronger; only the order means something. */
export const strengthOf = (algorithm: Algorithm): number => ALGORITHMS.indexOf(algorithm);

export const algorithmNames = (): string => ALGORITHMS.map(({ name }) => name).join(', ');
