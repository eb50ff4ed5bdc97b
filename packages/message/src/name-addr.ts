import { ProtocolError, UsageError } from '@sipx/contracts';
import {
  checkText,
  malformed,
  quote,
  quotedEnd,
  shown,
  skipSpace,
  trimmed,
  unquote,
} from './grammar.ts';
import { OpaqueURI } from './opaque-uri.ts';
import { Params, type ParamsInit, type ReadonlyParams } from './params.ts';
import { closeOf, lengthOf, startOf } from './plain.ts';
import { SipURI } from './sip-uri.ts';
import { parseURI, type URI } from './uri.ts';
import { LESS, QUOTE } from './octets.ts';

export interface NameAddrParts {
  readonly uri: URI | string;
  readonly displayName?: string | undefined;
  readonly params?: ParamsInit;
  /** Goes into `params`; undefined takes it away. */
  readonly tag?: string | undefined;
}

/** The value of From, To, Contact, Route and their like (RFC 3261 20.10). It never changes; `with` makes another. */
export class NameAddr {
  /** Of a plain one, to be taken apart when somebody asks. */
  private readonly text: string | undefined;
  private readonly layout: number;
  private taken: Parts | undefined;
  private target: URI | string | undefined;

  /** @throws UsageError SIPX_PARSE_URI, SIPX_USAGE_HEADER */
  constructor(parts: NameAddrParts, parsed: boolean = false, text?: string, layout: number = 0) {
    this.text = text;
    this.layout = layout;
    this.taken = undefined;
    this.target = undefined;
    if (text !== undefined) return;
    if (parsed) {
      this.taken = { displayName: parts.displayName, params: Params.of(parts.params) };
      this.target = parts.uri;
    } else {
      this.taken = {
        displayName: parts.displayName && checkText('the display name', parts.displayName),
        params: paramsOf(parts),
      };
      this.target = typeof parts.uri === 'string' ? givenURI(parts.uri) : parts.uri;
    }
  }

  /** Without quotes and escapes. */
  get displayName(): string | undefined {
    return this.parts.displayName;
  }

  /** The parameters of the header; those of the URI are in `uri`. */
  get params(): ReadonlyParams {
    return this.parts.params;
  }

  /** Read on first use. @throws ProtocolError SIPX_PARSE_URI */
  get uri(): URI {
    const { target } = this;
    if (typeof target === 'object') return target;
    const uri = target === undefined ? SipURI.plain(this.uriText) : parseURI(target);
    this.target = uri;
    return uri;
  }

  get tag(): string | undefined {
    const { text, layout } = this;
    if (text !== undefined) {
      const start = startOf(layout);
      if (start > 0) return text.slice(start, start + lengthOf(layout));
      if (closeOf(layout) === text.length - 1) return undefined;
    }
    return this.params.get('tag');
  }

  /** The `*` of a Contact that takes all bindings away (RFC 3261 10.2.2). */
  get wildcard(): boolean {
    const { target } = this;
    return typeof target === 'object' && target.scheme === '';
  }

  /** @throws UsageError SIPX_PARSE_URI, SIPX_USAGE_HEADER */
  with(changes: Partial<NameAddrParts>): NameAddr {
    const { displayName, params, target = this.uriText } = this;
    const merged: NameAddrParts = { displayName, params, uri: target, ...changes };
    if ('uri' in changes || 'displayName' in changes) return new NameAddr(merged);
    return new NameAddr({ ...merged, params: paramsOf(merged) }, true);
  }

  /** Whether it came in the plain form, and so is a whole text of a field or of one between commas. @internal */
  get isPlain(): boolean {
    return this.text !== undefined;
  }

  toString(): string {
    if (this.text !== undefined) return this.text;
    if (this.wildcard) return '*';
    const name = this.displayName ? `${quote(this.displayName)} ` : '';
    return `${name}<${this.target ?? this.uriText}>${this.params}`;
  }

  /** Of a text that is known to be of the plain form. @internal */
  static plain(text: string, layout: number): NameAddr {
    return new NameAddr(NO_PARTS, true, text, layout);
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER; a malformed URI shows when `uri` is read */
  static parse(text: string): NameAddr {
    const value = trimmed(text);
    if (value === '*') return new NameAddr({ uri: OpaqueURI.WILDCARD }, true);
    const parts = value.charCodeAt(0) === QUOTE ? quoted(value) : unquoted(value);
    if (!parts) throw malformed('address', '"display name" <URI>;parameters', text);
    return new NameAddr(parts, true);
  }

  private get parts(): Parts {
    this.taken ??= takeApart(this.text ?? '');
    return this.taken;
  }

  private get uriText(): string {
    const { text = '', layout } = this;
    return text.slice(text.charCodeAt(0) === LESS ? 1 : text.indexOf('<') + 1, closeOf(layout));
  }
}

interface Parts {
  readonly displayName: string | undefined;
  readonly params: ReadonlyParams;
}

const NO_PARTS: NameAddrParts = { uri: '' };

/** Of a plain text. */
const takeApart = (text: string): Parts => {
  const quoteEnd = text.charCodeAt(0) === QUOTE ? text.indexOf('"', 1) : 0;
  const close = text.indexOf('>', quoteEnd);
  return {
    displayName: quoteEnd === 0 ? undefined : text.slice(1, quoteEnd),
    params: close + 1 < text.length ? Params.plain(text, close + 1, 'header') : Params.NONE,
  };
};

/** `*(token LWS)`: RFC 3261's grammar, with the white space before `<` optional (RFC 4475 3.1.1.6). */
const TOKENS = /^[A-Za-z0-9\-.!%*_+`'~ \t]*$/;

const quoted = (text: string): NameAddrParts | undefined => {
  const end = quotedEnd(text, 0);
  if (end < 0) return undefined;
  const open = skipSpace(text, end);
  if (text[open] !== '<') return undefined;
  return bracketed(unquote(text.slice(0, end)), text, open);
};

const unquoted = (text: string): NameAddrParts | undefined => {
  const open = text.indexOf('<');
  const semicolon = text.indexOf(';');
  // A bracket behind a semicolon belongs to a parameter's quoted value, not to the address.
  if (open < 0 || (semicolon >= 0 && semicolon < open)) return bare(text, semicolon);
  const name = trimmed(text.slice(0, open));
  return TOKENS.test(name) ? bracketed(name, text, open) : undefined;
};

const bracketed = (name: string, text: string, open: number): NameAddrParts | undefined => {
  const close = text.indexOf('>', open);
  if (close < 0) return undefined;
  const semicolon = skipSpace(text, close + 1);
  const params = semicolon < text.length ? Params.parse(text, semicolon) : Params.NONE;
  if (!params) return undefined;
  return { displayName: name === '' ? undefined : name, uri: text.slice(open + 1, close), params };
};

/** Without brackets every parameter is the header's, and the URI may hold no comma and no `?` (20.10). */
const bare = (text: string, semicolon: number): NameAddrParts | undefined => {
  const uri = semicolon < 0 ? text : trimmed(text.slice(0, semicolon));
  const params = semicolon < 0 ? Params.NONE : Params.parse(text, semicolon);
  return !params || uri === '' || /[?,\s]/.test(uri) ? undefined : { uri, params };
};

const paramsOf = (parts: NameAddrParts): ReadonlyParams =>
  Params.of('tag' in parts ? new Params(parts.params).set('tag', parts.tag) : parts.params);

const givenURI = (text: string): URI => {
  try {
    return parseURI(text);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new UsageError('SIPX_PARSE_URI', 'malformed URI', {
      expected: 'scheme:…, such as sip:user@host',
      got: shown(text),
      cause,
    });
  }
};
