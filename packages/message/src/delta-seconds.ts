import { checkForm, malformed, skipSpace } from './grammar.ts';
import { Params, type ParamsInit, type ReadonlyParams } from './params.ts';

export interface DeltaSecondsParts {
  /** An integer below 2^32. */
  readonly seconds: number;
  readonly comment?: string | undefined;
  readonly params?: ParamsInit;
}

/** Seconds with what may follow them: Retry-After (RFC 3261 20.33), Session-Expires and Min-SE (RFC 4028). */
export class DeltaSeconds {
  readonly seconds: number;
  /** Without its parentheses and escapes; Retry-After alone has it. */
  readonly comment: string | undefined;
  readonly params: ReadonlyParams;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor({ seconds, comment, params }: DeltaSecondsParts, parsed: boolean = false) {
    this.seconds = Math.min(seconds, MAX);
    this.comment = comment;
    this.params = Params.of(params);
    if (!parsed) checkForm(/^\d+(?![.\de])/, this, 'number of seconds', 'a whole number');
  }

  toString(): string {
    const { seconds, comment, params } = this;
    const told = comment === undefined ? '' : ` (${comment.replace(/[()\\]/g, '\\$&')})`;
    return `${seconds}${told}${params}`;
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER, which names the header */
  static parse(text: string, header: string = 'Retry-After'): DeltaSeconds {
    const digits = /^\d*/.exec(text)?.[0] ?? '';
    let at = skipSpace(text, digits.length);
    let comment: string | undefined;
    const end = commentEnd(text, at);
    if (end > 0) {
      comment = text.slice(at + 1, end - 1).replace(/\\(.)/gs, '$1');
      at = skipSpace(text, end);
    }
    const params = Params.parse(text, at);
    if (digits === '' || !params) throw malformed(header, 'seconds;parameters', text);
    return new DeltaSeconds({ seconds: Number(digits), comment, params }, true);
  }
}

const MAX = 2 ** 32 - 1;

/** Behind the parenthesis that closes the one at `open`, or -1: comments nest. */
const commentEnd = (text: string, open: number): number => {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth === 0) return at > open ? at + 1 : -1;
  }
  return -1;
};
