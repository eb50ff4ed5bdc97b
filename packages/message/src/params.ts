import { UsageError } from '@sipx/contracts';
import { canonical, escape, hasBrokenEscape, IN_HEADER, IN_PARAM, unescape } from './escapes.ts';
import {
  checkText,
  checkToken,
  quote,
  quotedEnd,
  skipSpace,
  TOKEN_BYTE,
  unquote,
} from './grammar.ts';
import { EQUALS, LESS, QUOTE, SEMICOLON } from './octets.ts';

/** Parameters of a value that is not to be changed; its `with` makes a changed one. */
export interface ReadonlyParams {
  readonly size: number;
  /** Undefined when absent, '' for one without a value (`;lr`). */
  get(name: string): string | undefined;
  has(name: string): boolean;
  /** In the order and spelling of the text. */
  entries(): [name: string, value: string][];
  [Symbol.iterator](): IterableIterator<[name: string, value: string]>;
  /** The quickest way to see all of them. As a Map's: the value comes first. */
  forEach(each: (value: string, name: string) => void): void;
  toString(): string;
}

/** `true` and '' both mean a parameter without a value; undefined leaves it out. */
export type ParamsInit =
  | ReadonlyParams
  | Iterable<readonly [name: string, value: string | number | true | undefined]>
  | Readonly<Record<string, string | number | true | undefined>>;

/** How values are written: quoted-strings (header parameters), or escapes (those of a URI, and its headers). */
export type ParamsStyle = 'header' | 'uri' | 'uri-header';

/**
 * Ordered parameters with case-insensitive names. Quotes and escapes are taken off on reading and put back
 * on writing; what was parsed is written again as it came.
 */
export class Params implements ReadonlyParams {
  /** Shared by all values that have none. @internal */
  static readonly NONE: ReadonlyParams = Object.freeze(new Params(undefined, 'header', []));

  private readonly style: ParamsStyle;
  private locked = false;
  /** Name, text, name, text … as on the wire; '' for one without a value. Made when one is asked for. */
  private made: string[] | undefined;
  /** What they are read from: plain ones, from the semicolon at `start` on. */
  private text: string | undefined = undefined;
  private start = 0;

  constructor(
    init?: ParamsInit,
    style: ParamsStyle = init instanceof Params ? init.style : 'header',
    list?: string[],
  ) {
    this.style = style;
    const same = init instanceof Params && init.style === style;
    this.made = same ? [...init.list] : list;
    if (!same && init) for (const [name, value] of pairs(init)) this.set(name, value);
  }

  get size(): number {
    return this.list.length / 2;
  }

  get(name: string): string | undefined {
    const at = this.indexOf(name);
    return at < 0 ? undefined : this.read(this.list[at + 1] ?? '');
  }

  has(name: string): boolean {
    return this.indexOf(name) >= 0;
  }

  /**
   * In place when the name is there, else at the end; undefined deletes.
   * @throws UsageError SIPX_USAGE_HEADER (not writable), SIPX_USAGE_STATE (a part of another value)
   */
  set(name: string, value: string | number | true | undefined): this {
    this.unlocked();
    if (value === undefined) return this.delete(name);
    const text = this.write(name, value === true ? '' : String(value));
    const at = this.indexOf(name);
    if (at < 0) this.list.push(this.writeName(name), text);
    else this.list[at + 1] = text;
    return this;
  }

  /** @throws UsageError SIPX_USAGE_STATE */
  delete(name: string): this {
    this.unlocked();
    const at = this.indexOf(name);
    if (at >= 0) this.list.splice(at, 2);
    return this;
  }

  entries(): [name: string, value: string][] {
    const found: [string, string][] = [];
    for (let at = 0; at < this.list.length; at += 2) {
      found.push([this.list[at] ?? '', this.read(this.list[at + 1] ?? '')]);
    }
    return found;
  }

  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    return this.entries()[Symbol.iterator]();
  }

  forEach(each: (value: string, name: string) => void): void {
    const { text, made } = this;
    if (text !== undefined && !made) eachPlain(text, this.start, each);
    else for (const [name, value] of this.entries()) each(value, name);
  }

  /** With the leading semicolon, as it stands behind a value; '' when empty. */
  toString(): string {
    const { list } = this;
    const [first, next] = this.style === 'uri-header' ? ['?', '&'] : [';', ';'];
    let text = '';
    for (let at = 0; at < list.length; at += 2) {
      const value = list[at + 1] ?? '';
      text += (at === 0 ? first : next) + (list[at] ?? '');
      if (value !== '' || this.style === 'uri-header') text += `=${value}`;
    }
    return text;
  }

  /**
   * Reads `;name=value;flag` from `at`, where a semicolon stands, to the end. Undefined when it is not that.
   * @internal
   */
  static parse(text: string, at: number): Params | undefined {
    const list = readHeader(text, at);
    return list && Params.wrap(list, 'header');
  }

  /**
   * Reads a URI's parameters (`;a=b;c`) or headers (`?a=b&c=d`) from `at` to the end. Undefined when malformed.
   * @internal
   */
  static parseURI(text: string, style: 'uri' | 'uri-header', at: number = 0): Params | undefined {
    const list = readURI(text, at, style);
    return list && Params.wrap(list, style);
  }

  private get list(): string[] {
    this.made ??= this.make();
    return this.made;
  }

  private make(): string[] {
    const { text, start } = this;
    if (text === undefined) return [];
    let list: string[] = [];
    eachPlain(text, start, (value, name) => {
      list = joined(list, name, value);
    });
    return list;
  }

  /** Those from the semicolon at `start` on, which are known to be well. @internal */
  static plain(text: string, start: number, style: 'header' | 'uri'): Params {
    const params = new Params(undefined, style);
    params.text = text;
    params.start = start;
    params.locked = true;
    return params;
  }

  private static wrap(list: string[], style: ParamsStyle): Params {
    const params = new Params(undefined, style, list);
    params.locked = true;
    return params;
  }

  /** An own, unchangeable copy for a value that holds it. @internal */
  static of(init: ParamsInit | undefined, style: ParamsStyle = 'header'): ReadonlyParams {
    if (init === undefined || init === Params.NONE) return Params.NONE;
    if (init instanceof Params && init.locked && init.style === style) return init;
    return new Params(init, style).lock();
  }

  /** By lower-case name, the text in one spelling (RFC 3261 19.1.4). @internal */
  comparable(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (let at = 0; at < this.list.length; at += 2) {
      const name = unescape(this.list[at] ?? '').toLowerCase();
      if (!found.has(name)) found.set(name, canonical(this.list[at + 1] ?? '').toLowerCase());
    }
    return found;
  }

  private lock(): this {
    this.locked = true;
    return this;
  }

  private unlocked(): void {
    if (this.locked || Object.isFrozen(this)) {
      throw new UsageError(
        'SIPX_USAGE_STATE',
        'these parameters belong to a value that never changes',
        {
          expected: 'with({ params: new Params(value.params).set(…) })',
        },
      );
    }
  }

  private indexOf(name: string): number {
    const { list } = this;
    for (let at = 0; at < list.length; at += 2) if (list[at] === name) return at;
    const lower = name.toLowerCase();
    for (let at = 0; at < list.length; at += 2) {
      const other = this.style === 'header' ? list[at] : unescape(list[at] ?? '');
      if (other?.length === name.length && other.toLowerCase() === lower) return at;
    }
    return -1;
  }

  private read(text: string): string {
    if (this.style !== 'header') return unescape(text);
    return text.charCodeAt(0) === QUOTE ? unquote(text) : text;
  }

  private write(name: string, value: string): string {
    checkText(`parameter ${name}`, value);
    if (this.style === 'uri') return escape(value, IN_PARAM);
    if (this.style === 'uri-header') return escape(value, IN_HEADER);
    return value === '' || UNQUOTED.test(value) ? value : quote(value);
  }

  private writeName(name: string): string {
    if (this.style === 'header') return checkToken('a parameter name', name);
    return escape(checkText('a parameter name', name), this.style === 'uri' ? IN_PARAM : IN_HEADER);
  }
}

/** Of what is known to be well. */
const eachPlain = (text: string, at: number, each: (value: string, name: string) => void): void => {
  let from = at + 1;
  while (from <= text.length) {
    const semicolon = text.indexOf(';', from);
    const end = semicolon < 0 ? text.length : semicolon;
    const equals = text.indexOf('=', from);
    if (equals < 0 || equals > end) each('', text.slice(from, end));
    else each(text.slice(equals + 1, end), text.slice(from, equals));
    from = end + 1;
  }
};

const readHeader = (text: string, at: number): string[] | undefined => {
  let list: string[] = [];
  let from = at;
  while (from < text.length) {
    if (text.charCodeAt(from) !== SEMICOLON) return undefined;
    const start = skipSpace(text, from + 1);
    let end = start;
    while (TOKEN_BYTE[text.charCodeAt(end)] === 1) end += 1;
    if (end === start) return undefined;
    const name = text.slice(start, end);
    let value = '';
    end = skipSpace(text, end);
    if (text.charCodeAt(end) === EQUALS) {
      const valueStart = skipSpace(text, end + 1);
      const quoted = text.charCodeAt(valueStart) === QUOTE;
      const valueEnd = quoted ? quotedEnd(text, valueStart) : plainEnd(text, valueStart);
      if (valueEnd <= valueStart) return undefined;
      value = text.slice(valueStart, valueEnd);
      end = skipSpace(text, valueEnd);
    }
    list = joined(list, name, value);
    from = end;
  }
  return list;
};

const readURI = (text: string, at: number, style: 'uri' | 'uri-header'): string[] | undefined => {
  let list: string[] = [];
  const allowed = style === 'uri' ? URI_PARAM : URI_HEADER;
  for (const part of text.slice(at + 1).split(style === 'uri' ? ';' : '&')) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? '' : part.slice(equals + 1);
    if (name === '' || !allowed.test(name) || !allowed.test(value)) return undefined;
    if (hasBrokenEscape(part)) return undefined;
    list = joined(list, name, value);
  }
  return list;
};

/** Exact in size for one or two: a list that is pushed to has room for a dozen more. */
const joined = (list: string[], name: string, value: string): string[] => {
  if (list.length === 0) return [name, value];
  if (list.length === 2) return [list[0] as string, list[1] as string, name, value];
  list.push(name, value);
  return list;
};

/** Where a value without quotes ends: `token`, `host`, and what else peers put in tags. */
const plainEnd = (text: string, from: number): number => {
  // The info of an Identity is a URI in brackets (RFC 8224 4).
  if (text.charCodeAt(from) === LESS) return text.indexOf('>', from) + 1;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < PLAIN_CODE.length && PLAIN_CODE[code] !== 1) return at;
  }
  return text.length;
};
const PLAIN_CODE: Uint8Array = Uint8Array.from({ length: 160 }, (_, code) =>
  /[^\s",;<>\0-\x1f\x7f]/.test(String.fromCharCode(code)) ? 1 : 0,
);
/** Written without quotes: `token` or `host`. */
const UNQUOTED = /^[A-Za-z0-9\-.!%*_+`'~:[\]]+$/;
/** No separators, white space or controls; non-ASCII is let through to be compared as it is. */
const URI_PARAM = /^[^\s"<>;?\\^`{|}\0-\x1f\x7f]*$/;
const URI_HEADER = /^[^\s"<>&\\^`{|}\0-\x1f\x7f]*$/;

const pairs = (
  init: ParamsInit,
): Iterable<readonly [string, string | number | true | undefined]> =>
  Symbol.iterator in init ? init : Object.entries(init);
