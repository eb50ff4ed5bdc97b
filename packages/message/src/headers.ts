import { UsageError } from '@sipx/contracts';
import { Field } from './field.ts';
import { checkLine, checkText, checkToken, trimmed } from './grammar.ts';
import type { Head } from './head.ts';
import { HEADERS, headerId, HOT, UNKNOWN } from './header-names.ts';
import type { HeaderTypes, HeaderValue } from './header-types.ts';
import { NameAddr } from './name-addr.ts';
import { allOf, firstIn, firstOf } from './parsed-values.ts';
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
  /** The message that they came in, for as long as nothing is changed. @internal */
  head: Head | undefined = undefined;
  /** Of that message, the fields that were asked for. */
  private seen: Field | undefined = undefined;
  /** Of all others, every one. */
  private list: Field[] | undefined = undefined;

  constructor(init?: HeadersInit) {
    if (!init) return;
    if (!(init instanceof Headers)) this.add(init);
    else if (init.head) {
      this.head = init.head;
      this.seen = init.seen;
    } else this.list = init.fields.slice();
  }

  /** Behind those that are there. @internal */
  add(init: HeadersInit): void {
    const { fields } = this;
    if (init instanceof Headers) {
      for (const field of init.fields) fields.push(field);
    } else if (Symbol.iterator in init) {
      for (const [name, value] of init) addOwn(fields, name, value);
    } else {
      for (const name of Object.keys(init)) addOwn(fields, name, init[name]);
    }
  }

  /** Those of a parsed message. @internal */
  static parsed(head: Head): Headers {
    const headers = new Headers();
    headers.head = head;
    return headers;
  }

  /** @internal */
  static of(fields: Field[]): Headers {
    const headers = new Headers();
    headers.list = fields;
    return headers;
  }

  /** To be changed: from here on they are these headers' own. @internal */
  get fields(): Field[] {
    const { head } = this;
    if (this.list) return this.list;
    const list: Field[] = [];
    if (head) {
      for (let nth = 0; nth < head.size; nth += 1) list.push(this.made(head, nth));
      for (let field = this.seen; field; field = field.next) list[field.nth] = field;
    }
    this.fields = list;
    return list;
  }

  set fields(list: Field[]) {
    this.list = list;
    this.head = undefined;
    this.seen = undefined;
  }

  /** Header fields, a count. */
  get size(): number {
    return this.head?.size ?? this.list?.length ?? 0;
  }

  /**
   * The first value, typed by the literal name; undefined when there is none.
   * @throws ProtocolError SIPX_PARSE_HEADER when it is malformed
   */
  get<Name extends keyof HeaderTypes | (string & {})>(name: Name): HeaderValue<Name> | undefined {
    const id = headerId(name);
    const value = id === UNKNOWN ? this.find(name)?.first() : this.first(id);
    return value as HeaderValue<Name> | undefined;
  }

  /** All values in their order. @throws ProtocolError SIPX_PARSE_HEADER */
  getAll<Name extends keyof HeaderTypes | (string & {})>(name: Name): HeaderValue<Name>[] {
    const { head } = this;
    const id = headerId(name);
    if (head && id !== UNKNOWN) return allOf(head, id) as HeaderValue<Name>[];
    const values: unknown[] = [];
    for (const field of this.findAll(name)) field.addTo(values);
    return values as HeaderValue<Name>[];
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
    const { head } = this;
    if (head === undefined) return this.firstField(id)?.first();
    if (id < HOT) return firstOf(head, id);
    const nth = head.find(id);
    if (nth < 0) return undefined;
    // To read a number again is as quick as to keep it.
    return HEADERS[id]?.shape === 'number' ? firstIn(head, id, nth) : this.nth(head, nth).first();
  }

  /** The fields with these ids, or with this other one, in their order. @internal */
  select(first: number, last: number, other: number = last): Field[] {
    const { head } = this;
    const found: Field[] = [];
    const size = head ? head.size : this.fields.length;
    for (let nth = 0; nth < size; nth += 1) {
      const id = head ? head.id(nth) : (this.fields[nth] as Field).id;
      if ((id < first || id > last) && id !== other) continue;
      found.push(head ? this.made(head, nth) : (this.fields[nth] as Field));
    }
    return found;
  }

  /** The fields with this id. @internal */
  all(id: number): Field[] {
    const { head } = this;
    if (!head) return this.select(id, id);
    const found: Field[] = [];
    for (let nth = head.find(id); nth >= 0; nth = head.find(id, nth + 1)) {
      found.push(this.nth(head, nth));
    }
    return found;
  }

  private firstField(id: number): Field | undefined {
    const { head } = this;
    if (!head) {
      for (const field of this.fields) if (field.id === id) return field;
      return undefined;
    }
    const nth = head.find(id);
    return nth < 0 ? undefined : this.nth(head, nth);
  }

  private nth(head: Head, nth: number): Field {
    if (!this.head) return this.fields[nth] as Field;
    let steps = 0;
    for (let field = this.seen; field; field = field.next) {
      if (field.nth === nth) return field;
      steps += 1;
      // Who reads this many will read them all.
      if (steps > 32) return this.fields[nth] as Field;
    }
    this.seen = this.made(head, nth, this.seen);
    return this.seen;
  }

  private made(head: Head, nth: number, next?: Field): Field {
    const id = head.id(nth);
    const value = id < HOT && head.find(id) === nth ? head.known(id) : undefined;
    return new Field(head, nth, undefined, typeof value === 'number' ? undefined : value, next);
  }

  private find(name: string): Field | undefined {
    const id = headerId(name);
    if (id !== UNKNOWN) return this.firstField(id);
    return this.findAll(name)[0];
  }

  private findAll(name: string): Field[] {
    const id = headerId(name);
    const found = this.all(id);
    if (id !== UNKNOWN) return found;
    const lower = name.toLowerCase();
    return found.filter((field) => field.name.toLowerCase() === lower);
  }
}

const matcher = (name: string): ((field: Field) => boolean) => {
  const id = headerId(name);
  const lower = id === 0 ? name.toLowerCase() : '';
  return (field) => field.is(id, lower);
};

const ownFields = (name: string, value: HeaderInput | readonly HeaderInput[]): Field[] => {
  const fields: Field[] = [];
  addOwn(fields, name, value);
  return fields;
};

const addOwn = (
  fields: Field[],
  name: string,
  value: HeaderInput | readonly HeaderInput[] | undefined,
): void => {
  if (value === undefined) return;
  if (isArray(value)) for (const one of value) fields.push(ownField(name, one));
  else fields.push(ownField(name, value));
};

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
  const id = headerId(name);
  // What is spelled as in the table is a token. What only folds to that may not be: the Kelvin sign folds to k.
  if (id === UNKNOWN || HEADERS[id]?.name !== name) checkToken('a header name', name);
  // A parsed address may hold a quoted NUL, and must be copied into the answer.
  const parsed = value instanceof NameAddr || value instanceof Via;
  return new Field(name, id, trimmed(parsed ? checkLine(name, text) : checkText(name, text)));
};
