import { UsageError } from '@sipx/contracts';
import { Field } from './field.ts';
import { checkLine, checkText, checkToken } from './grammar.ts';
import { headerId } from './header-names.ts';
import type { HeaderTypes, HeaderValue } from './header-types.ts';
import { NameAddr } from './name-addr.ts';
import { Via } from './via.ts';

/** A value to write: text, a number, or a typed value, whose `toString` gives the text. */
export type HeaderInput = string | number | { toString(): string };

export type HeadersInit =
  | Headers
  | Iterable<readonly [name: string, value: HeaderInput | readonly HeaderInput[]]>
  | Readonly<Record<string, HeaderInput | readonly HeaderInput[] | undefined>>;

/**
 * The header fields of a message in their order and spelling. Names have no case, and compact forms (RFC 3261
 * 7.3.3) mean the full name. Where a field joins values by commas (7.3.1), a value is one of them.
 *
 * Every method that takes a value throws UsageError SIPX_USAGE_HEADER when it, or the name, is not writable:
 * CR, LF and NUL never enter.
 */
export class Headers {
  /** @internal */
  fields: Field[];

  constructor(init?: HeadersInit, fields: Field[] = []) {
    this.fields = fields;
    if (!init) return;
    if (init instanceof Headers) this.fields = init.fields.slice();
    else for (const [name, value] of pairs(init)) if (value !== undefined) this.add(name, value);
  }

  /** Header fields, a count. */
  get size(): number {
    return this.fields.length;
  }

  /**
   * The first value, typed by the literal name; undefined when there is none.
   * @throws ProtocolError SIPX_PARSE_HEADER when it is malformed
   */
  get<Name extends keyof HeaderTypes | (string & {})>(name: Name): HeaderValue<Name> | undefined {
    return this.find(name)?.first() as HeaderValue<Name> | undefined;
  }

  /** All values in their order. @throws ProtocolError SIPX_PARSE_HEADER */
  getAll<Name extends keyof HeaderTypes | (string & {})>(name: Name): HeaderValue<Name>[] {
    return this.findAll(name).flatMap((field) => field.all()) as HeaderValue<Name>[];
  }

  /** The text of the first field, unfolded and decoded; undefined when there is none. */
  raw(name: string): string | undefined {
    return this.find(name)?.raw;
  }

  /** The text of each field. */
  rawAll(name: string): string[] {
    return this.findAll(name).map((field) => field.raw);
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  /** Takes the place of all fields of that name, at the place of the first. An empty list deletes. */
  set(name: string, value: HeaderInput | readonly HeaderInput[]): this {
    const own = ownFields(name, value);
    const matches = matcher(name);
    const at = this.fields.findIndex(matches);
    const others = this.fields.filter((field) => !matches(field));
    others.splice(at < 0 ? others.length : at, 0, ...own);
    this.fields = others;
    return this;
  }

  /** A field of its own behind all others. */
  append(name: string, value: HeaderInput): this {
    this.fields.push(ownField(name, value));
    return this;
  }

  /** A field of its own before all others of that name: the new top Via or Route. */
  prepend(name: string, value: HeaderInput): this {
    const own = ownField(name, value);
    const at = this.fields.findIndex(matcher(name));
    this.fields.splice(Math.max(at, 0), 0, own);
    return this;
  }

  /** All fields of that name. */
  delete(name: string): this {
    const matches = matcher(name);
    this.fields = this.fields.filter((field) => !matches(field));
    return this;
  }

  /** The first value alone, even of a field that joins several. */
  deleteFirst(name: string): this {
    const at = this.fields.findIndex(matcher(name));
    const field = this.fields[at];
    if (!field) return this;
    const rest = field.texts().slice(1);
    if (rest.length === 0) this.fields.splice(at, 1);
    else this.fields[at] = Field.own(field.name, rest.join(', '));
    return this;
  }

  /** Fields as [name as spelled, text]. */
  *[Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    for (const field of this.fields) yield [field.name, field.raw];
  }

  /** The typed first value by id. @internal */
  first(id: number): unknown {
    for (const field of this.fields) if (field.id === id) return field.first();
    return undefined;
  }

  private add(name: string, value: HeaderInput | readonly HeaderInput[]): void {
    this.fields.push(...ownFields(name, value));
  }

  private find(name: string): Field | undefined {
    const id = headerId(name);
    const lower = id === 0 ? name.toLowerCase() : '';
    for (const field of this.fields) if (field.is(id, lower)) return field;
    return undefined;
  }

  private findAll(name: string): Field[] {
    return this.fields.filter(matcher(name));
  }
}

const matcher = (name: string): ((field: Field) => boolean) => {
  const id = headerId(name);
  const lower = id === 0 ? name.toLowerCase() : '';
  return (field) => field.is(id, lower);
};

const ownFields = (name: string, value: HeaderInput | readonly HeaderInput[]): Field[] =>
  isArray(value) ? value.map((one) => ownField(name, one)) : [ownField(name, value)];

const isArray = (value: HeaderInput | readonly HeaderInput[]): value is readonly HeaderInput[] =>
  Array.isArray(value);

const ownField = (name: string, value: HeaderInput): Field => {
  const text = String(value);
  if (text === '[object Object]') {
    throw new UsageError('SIPX_USAGE_HEADER', `no value for ${name}`, {
      expected: 'text, a number, or a value with a toString of its own',
      got: 'a plain object',
    });
  }
  checkToken('a header name', name);
  // A parsed address may hold a quoted NUL, and must be copied into the answer.
  const parsed = value instanceof NameAddr || value instanceof Via;
  return Field.own(name, parsed ? checkLine(name, text) : checkText(name, text));
};

const pairs = (
  init: Exclude<HeadersInit, Headers>,
): Iterable<readonly [string, HeaderInput | readonly HeaderInput[] | undefined]> =>
  Symbol.iterator in init ? init : Object.entries(init);
