import type { Clock, IdSource } from '@sipx/contracts';
import { keyed } from './hash.ts';

export interface NoncesOptions {
  readonly realm: string;
  readonly secret: Uint8Array;
  /** Milliseconds. */
  readonly lifetime: number;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Nonces that need no memory: they carry the time of their making and an HMAC over it and the realm. */
export interface Nonces {
  make(): string;
  /** Made here (or by another holder of the secret), and young enough. */
  isFresh(nonce: string): boolean;
}

export const statelessNonces = (options: NoncesOptions): Nonces => {
  const { realm, secret, lifetime, clock, ids } = options;
  const sign = keyed(secret);
  const seal = (stamp: string): string => sign(`${stamp}:${realm}`).slice(0, SEAL);

  return {
    make() {
      // Wall time, for a server that restarts or has siblings; the token makes each nonce its own.
      const stamp = `${clock.wallTime().toString(36)}.${ids.token()}`;
      return `${stamp}.${seal(stamp)}`;
    },
    isFresh(nonce) {
      const end = nonce.lastIndexOf('.');
      const stamp = nonce.slice(0, Math.max(end, 0));
      if (!sameText(seal(stamp), nonce.slice(end + 1))) return false;
      const age = clock.wallTime() - Number.parseInt(stamp, 36);
      // A clock that was set back makes nonces of the future; they are as good for the same time.
      return Math.abs(age) <= lifetime;
    },
  };
};

/** 128 of the HMAC's 256 bits, as hexadecimal digits. */
const SEAL = 32;

/** In a time that depends on the lengths alone, not on where they differ. */
export const sameText = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
};
