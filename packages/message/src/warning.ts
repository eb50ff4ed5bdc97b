import { checkForm, matched, quote, unquote } from './grammar.ts';

/** RFC 3261 20.43. */
export class Warning {
  /** Three digits; 399 is any other. */
  readonly code: number;
  /** Who warns: a host with or without a port, or a pseudonym. */
  readonly agent: string;
  readonly text: string;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor(code: number, agent: string, text: string) {
    this.code = code;
    this.agent = agent;
    this.text = text;
    checkForm(FORM, this, 'Warning', EXPECTED);
  }

  toString(): string {
    return `${this.code} ${this.agent} ${quote(this.text)}`;
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  static parse(text: string): Warning {
    const [, code, agent = '', quoted = ''] = matched(FORM, text, 'Warning', EXPECTED);
    return new Warning(Number(code), agent, unquote(quoted));
  }
}

const EXPECTED = 'three digits, an agent, "text"';
const FORM = /^([1-9]\d\d)[ \t]+([^\s",;]+)[ \t]+("(?:[^"\\]|\\.)*")$/s;
