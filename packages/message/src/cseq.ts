import { UsageError } from '@sipx/contracts';
import { latin1 } from './bytes.ts';
import { checkToken, isToken, malformed, skipSpace } from './grammar.ts';
import { methodAt } from './methods.ts';
import { SPACE, ZERO } from './octets.ts';

/** RFC 3261 20.16. */
export class CSeq {
  /** An unsigned 32-bit number; a new one starts below 2^31 (8.1.1.5). */
  readonly sequence: number;
  readonly method: string;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor(sequence: number, method: string, parsed: boolean = false) {
    if (!parsed && (!Number.isInteger(sequence) || sequence < 0 || sequence > MAX_SEQUENCE)) {
      throw new UsageError('SIPX_USAGE_HEADER', 'no CSeq number', {
        expected: 'an integer below 2^32',
        got: String(sequence),
      });
    }
    this.sequence = sequence;
    this.method = parsed ? method : checkToken('the method', method);
  }

  /** From octets that are known to be of the plain form. @internal */
  static plain(bytes: Uint8Array, from: number, to: number): CSeq {
    let at = from;
    let sequence = 0;
    for (; bytes[at] !== SPACE; at += 1) sequence = sequence * 10 + (bytes[at] as number) - ZERO;
    const method = methodAt(bytes, at + 1, to) ?? latin1(bytes, at + 1, to);
    return new CSeq(sequence, method, true);
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  static parse(text: string): CSeq {
    let end = 0;
    let sequence = 0;
    for (; isDigit(text.charCodeAt(end)); end += 1) {
      sequence = sequence * 10 + (text.charCodeAt(end) - ZERO);
    }
    const space = skipSpace(text, end);
    const method = text.slice(space);
    if (end === 0 || space === end || sequence > MAX_SEQUENCE || !isToken(method)) {
      throw malformed('CSeq', 'a number below 2^32 and a method', text);
    }
    return new CSeq(sequence, method, true);
  }

  toString(): string {
    return `${this.sequence} ${this.method}`;
  }
}

const MAX_SEQUENCE = 2 ** 32 - 1;
const isDigit = (code: number): boolean => code >= ZERO && code < ZERO + 10;
