import { UsageError } from '@sipx/contracts';
import { checkToken, isToken, malformed, skipSpace } from './grammar.ts';

/** RFC 3261 20.16. */
export class CSeq {
  /** An unsigned 32-bit number; a new one starts below 2^31 (8.1.1.5). */
  readonly sequence: number;
  readonly method: string;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor(sequence: number, method: string) {
    if (!Number.isInteger(sequence) || sequence < 0 || sequence > MAX_SEQUENCE) {
      throw new UsageError('SIPX_USAGE_HEADER', 'no CSeq number', {
        expected: 'an integer below 2^32',
        got: String(sequence),
      });
    }
    this.sequence = sequence;
    this.method = checkToken('the method', method);
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  static parse(text: string): CSeq {
    const end = text.search(SPACE);
    const digits = text.slice(0, Math.max(end, 0));
    const method = text.slice(skipSpace(text, end));
    const sequence = Number(digits);
    if (!DIGITS.test(digits) || sequence > MAX_SEQUENCE || !isToken(method)) {
      throw malformed('CSeq', 'a number below 2^32 and a method', text);
    }
    return new CSeq(sequence, method);
  }

  toString(): string {
    return `${this.sequence} ${this.method}`;
  }
}

const MAX_SEQUENCE = 2 ** 32 - 1;
const DIGITS = /^\d+$/;
const SPACE = /[ \t]/;
