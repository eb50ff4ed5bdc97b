import type { ErrorCode } from '@sipx/contracts';

const TAB = 9;
const SPACE = 32;
const HYPHEN = 45;
const COLON = 58;
const ZERO = 48;
const LOWER_CASE = 0x20;

/** More digits than any limit has: the rest says nothing new, and a long number must not cost. */
const MAX_DIGITS = 10;

/** The number that the Content-Length lines of one head agree on, read line by line, no text made. */
export class ContentLength {
  #length: number | undefined;
  #digits = 0;
  #fault: string | undefined;
  /** The last header was a Content-Length, and this is what its value has come to so far. */
  #state: 'elsewhere' | 'before' | 'digits' | 'after' = 'elsewhere';
  #number = 0;

  reset(): void {
    this.#length = undefined;
    this.#digits = 0;
    this.#fault = undefined;
    this.#state = 'elsewhere';
    this.#number = 0;
  }

  /** A header line without its CRLF. A folded one (RFC 3261 7.3.1) comes as several. */
  line(bytes: Uint8Array, from: number, to: number): void {
    const first = bytes[from];
    if (first === SPACE || first === TAB) {
      if (this.#state !== 'elsewhere') this.#read(bytes, from, to);
      return;
    }
    if (this.#state !== 'elsewhere') this.#finish();
    const value = valueStart(bytes, from, to);
    if (value === undefined) return;
    this.#state = 'before';
    this.#number = 0;
    this.#digits = 0;
    this.#read(bytes, value, to);
  }

  /** The body's length in bytes, or why it cannot be known. */
  value(max: number): number | { readonly code: ErrorCode; readonly got: string } {
    this.#finish();
    if (this.#fault !== undefined) return { code: 'SIPX_FRAMING', got: this.#fault };
    if (this.#length === undefined) return { code: 'SIPX_FRAMING', got: 'none' };
    if (this.#length > max) return { code: 'SIPX_LIMIT_BODY', got: String(this.#length) };
    return this.#length;
  }

  #read(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      const digit = byte - ZERO;
      if (byte === SPACE || byte === TAB) {
        if (this.#state === 'digits') this.#state = 'after';
      } else if (digit < 0 || digit > 9 || this.#state === 'after') {
        this.#fault ??= 'something that is not a number';
        return;
      } else {
        this.#state = 'digits';
        this.#digits += 1;
        if (this.#digits <= MAX_DIGITS) this.#number = this.#number * 10 + digit;
        else this.#number = Number.POSITIVE_INFINITY;
      }
    }
    // A fold is white space: digits do not go on after it.
    if (this.#state === 'digits') this.#state = 'after';
  }

  #finish(): void {
    if (this.#state === 'elsewhere') return;
    if (this.#state === 'before') this.#fault ??= 'an empty value';
    else if (this.#length !== undefined && this.#length !== this.#number) {
      this.#fault ??= `${this.#length} and ${this.#number}`;
    }
    this.#length = this.#number;
    this.#state = 'elsewhere';
  }
}

const LONG_NAME = [...'content-length'].map((character) => character.charCodeAt(0));
const SHORT_NAME = ['l'.charCodeAt(0)];

/** Just behind the colon, when the line is a Content-Length (or its compact form l) at all. */
const valueStart = (bytes: Uint8Array, from: number, to: number): number | undefined => {
  const first = (bytes[from] ?? 0) | LOWER_CASE;
  if (first !== LONG_NAME[0] && first !== SHORT_NAME[0]) return undefined;
  const name = first === SHORT_NAME[0] ? SHORT_NAME : LONG_NAME;
  for (let i = 1; i < name.length; i += 1) {
    const byte = bytes[from + i] ?? 0;
    // The case bit makes a hyphen of a CR.
    const folded = byte === HYPHEN ? byte : byte & 0x40 ? byte | LOWER_CASE : 0;
    if (folded !== name[i]) return undefined;
  }
  for (let at = from + name.length; at < to; at += 1) {
    if (bytes[at] === COLON) return at + 1;
    if (bytes[at] !== SPACE && bytes[at] !== TAB) return undefined;
  }
  return undefined;
};
