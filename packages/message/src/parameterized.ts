import { checkForm, malformed, quote, quotedEnd, skipSpace, trimmed, unquote } from './grammar.ts';
import { Params, type ParamsInit, type ReadonlyParams } from './params.ts';

/**
 * A word with parameters, the commonest form of a value: Event, Subscription-State, Reason, Replaces, …
 * It never changes; `with` makes another.
 */
export class Parameterized {
  /** Without quotes and escapes. */
  readonly value: string;
  readonly params: ReadonlyParams;
  private readonly text: string;

  /** A value that is no word is written in quotes. @throws UsageError SIPX_USAGE_HEADER */
  constructor(value: string, params?: ParamsInit, raw?: string) {
    this.value = value;
    this.params = Params.of(params);
    this.text = raw ?? (WORD.test(value) ? value : quote(value));
    if (raw === undefined) checkForm(/./, value, 'value', 'a word or a text');
  }

  /** @throws UsageError SIPX_USAGE_HEADER */
  with(changes: { readonly value?: string; readonly params?: ParamsInit }): Parameterized {
    const { value = this.value, params = this.params } = changes;
    return new Parameterized(value, params, value === this.value ? this.text : undefined);
  }

  toString(): string {
    return this.text + String(this.params).replace(INFO, '$1$2');
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER, which names the header */
  static parse(text: string, header: string = 'value'): Parameterized {
    const quoted = text.startsWith('"');
    const semicolon = text.indexOf(';');
    const end = quoted ? quotedEnd(text, 0) : semicolon < 0 ? text.length : semicolon;
    const raw = trimmed(text.slice(0, Math.max(end, 0)));
    const params = Params.parse(text, skipSpace(text, end));
    if (!params || !(quoted ? raw.length > 2 : WORD.test(raw))) {
      throw malformed(header, 'a word;parameters', text);
    }
    return new Parameterized(quoted ? unquote(raw) : raw, params, raw);
  }
}

/** Of an Identity, a URI in brackets, where all other parameters have quotes (RFC 8224 4). */
const INFO = /(;info=)"(<[^\s<>"\\]+>)"/i;

/** A token, a Call-ID, base64: all that ends at white space, a comma, a semicolon or a quote. */
const WORD = /^[^\s,;"\0-\x1f\x7f]+$/;
