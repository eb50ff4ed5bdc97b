import { splitList } from './grammar.ts';
import type { Head } from './head.ts';
import { HEADERS, headerId, PRIVACY, UNKNOWN } from './header-names.ts';
import { readValue } from './header-types.ts';
import { DEFAULT_LENIENCIES, type Leniencies } from './leniencies.ts';

/**
 * One header field: the nth of the message that it came in, or one of the program's own. It never changes, so
 * messages made from one another share it; what is read from it is kept, as text or as a value, not as both.
 */
export class Field {
  /** The message that it came in; the name, for a field of the program's own. */
  private readonly origin: Head | string;
  /** Its place there; the id, for a field of the program's own. */
  readonly nth: number;
  private text: string | undefined;
  /** The first value, once it has been read. */
  private value: unknown;
  /** Another one that was asked for, in a list that `Headers` keeps. @internal */
  next: Field | undefined;

  constructor(origin: Head | string, nth: number, text?: string, value?: unknown, next?: Field) {
    this.origin = origin;
    this.nth = nth;
    this.text = text;
    this.value = value;
    this.next = next;
  }

  /** Both are to be checked by the caller. */
  static own(name: string, text: string): Field {
    return new Field(name, headerId(name), text.trim());
  }

  /** The same header with another text, which is to be writable and without white space around it. */
  changed(text: string): Field {
    return new Field(this.name, this.id, text);
  }

  /** Undefined for a field of the program's own. */
  get head(): Head | undefined {
    return typeof this.origin === 'string' ? undefined : this.origin;
  }

  /** Where it starts in the octets that were parsed; undefined for one of the program's own. */
  get offset(): number | undefined {
    return this.head?.start(this.nth);
  }

  get id(): number {
    const { origin, nth } = this;
    return typeof origin === 'string' ? nth : origin.id(nth);
  }

  /** As it is spelled. */
  get name(): string {
    const { origin, nth } = this;
    return typeof origin === 'string' ? origin : origin.name(nth);
  }

  /** The value's text: trimmed, unfolded, decoded; all values when there are several. */
  get raw(): string {
    if (this.text !== undefined) return this.text;
    const { origin, nth } = this;
    const text = typeof origin === 'string' ? '' : origin.text(nth);
    if (HEADERS[this.id]?.shape === 'text') this.text = text;
    return text;
  }

  /** Whether it goes by this name; `lower` is for names that are not in the table. */
  is(id: number, lower: string): boolean {
    return this.id === id && (id !== UNKNOWN || this.name.toLowerCase() === lower);
  }

  /** The typed first value; undefined for an empty list. @throws ProtocolError SIPX_PARSE_HEADER */
  first(): unknown {
    this.value ??= firstValue(this.id, this.raw, this.head?.leniencies);
    return this.value;
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  all(): unknown[] {
    const values: unknown[] = [];
    this.addTo(values);
    return values;
  }

  /** Puts every value behind those that are there. @throws ProtocolError SIPX_PARSE_HEADER */
  addTo(values: unknown[]): void {
    const { id } = this;
    const texts = HEADERS[id]?.list ? this.texts() : undefined;
    if (!texts || texts.length === 1) values.push(this.first());
    else for (const text of texts) values.push(readValue(id, text, this.head?.leniencies));
  }

  /** The text of each value. */
  texts(): string[] {
    return textsOf(this.id, this.raw, this.head?.leniencies);
  }
}

/** The typed first value of a field's text; undefined for an empty list. @throws ProtocolError SIPX_PARSE_HEADER */
export const firstValue = (id: number, raw: string, leniencies?: Leniencies): unknown => {
  const one = !HEADERS[id]?.list || (raw !== '' && !raw.includes(',') && id !== PRIVACY);
  const text = one ? raw : textsOf(id, raw, leniencies)[0];
  return text === undefined ? undefined : readValue(id, text, leniencies);
};

const textsOf = (
  id: number,
  raw: string,
  leniencies: Leniencies = DEFAULT_LENIENCIES,
): string[] => {
  const row = HEADERS[id];
  if (!row?.list) return [raw];
  // An empty list of words is grammatical (Accept, Allow, Supported); one of addresses is not.
  if (raw === '' && row.shape !== 'address' && row.shape !== 'via') return [];
  // Privacy alone has semicolons between its values (RFC 3323 4.2).
  const texts = id === PRIVACY ? raw.split(';').map((text) => text.trim()) : splitList(raw);
  if (row.shape === 'address' && texts.length > 1 && leniencies.commaInDisplayName) {
    return joinNames(texts);
  }
  const empty = row.shape === 'token' && leniencies.oddListItem === true;
  return empty ? texts.filter((text) => text !== '') : texts;
};

/** A word without an address belongs to the name before the next one. */
const joinNames = (texts: readonly string[]): string[] => {
  const joined: string[] = [];
  let word = '';
  for (const text of texts) {
    if (WORD.test(text)) word += `${text}, `;
    else {
      joined.push(word + text);
      word = '';
    }
  }
  return word === '' ? joined : [...joined, word];
};

const WORD = /^[^:<"*;]+$/;
