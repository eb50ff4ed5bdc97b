import { hmac } from '@noble/hashes/hmac.js';
import { md5 as portableMD5 } from '@noble/hashes/legacy.js';
import { sha256 as portableSHA256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Of the text's UTF-8; lower-case hexadecimal. */
export type Hash = (text: string) => string;

// Reached without an import, so that a browser's bundle neither holds nor misses it. Seven times faster.
const platform =
  typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto');

const chosen = (name: string, portable: (bytes: Uint8Array) => Uint8Array): Hash => {
  const hash = platform?.hash;
  try {
    if (hash?.(name, '', 'hex')) return (text) => hash(name, text, 'hex');
  } catch {
    // A platform under FIPS rules has no MD5; SIP cannot do without.
  }
  return (text) => bytesToHex(portable(utf8ToBytes(text)));
};

export const md5: Hash = chosen('md5', portableMD5);
export const sha256: Hash = chosen('sha256', portableSHA256);

/** HMAC-SHA-256 with a fixed key. */
export const keyed = (key: Uint8Array): Hash =>
  platform
    ? (text) => platform.createHmac('sha256', key).update(text).digest('hex')
    : (text) => bytesToHex(hmac(portableSHA256, key, utf8ToBytes(text)));
