import { firstValue, textsOf } from './field-values.ts';
import { trimmed } from './grammar.ts';
import type { Head } from './head.ts';
import { HEADERS, headerId, UNKNOWN } from './header-names.ts';
import { readValue } from './header-types.ts';
import { firstIn } from './parsed-values.ts';

/**
 * One header field: the nth of the message that it came in, or one of the program's own. It never changes, so
 * messages made from one another share it; what is read from it is kept, as text or as a value, not as both.
 */
export class Field {
  /** The message that it came in; the name, for a field of the program's own. */
  readonly origin: Head | string;
  /** Its place there; the id, for a field of the program's own. */
  readonly nth: number;
  private text: string | undefined;
  /** ASCII that goes behind the line as it came in. */
  readonly added: string | undefined;
  /** The first value, once it has been read. */
  private value: unknown;
  /** Another one that was asked for, in a list that `Headers` keeps. @internal */
  next: Field | undefined;

  constructor(
    origin: Head | string,
    nth: number,
    text?: string,
    value?: unknown,
    next?: Field,
    added?: string,
  ) {
    this.origin = origin;
    this.nth = nth;
    this.text = text;
    this.added = added;
    this.value = value;
    this.next = next;
  }

  /** Both are to be checked by the caller. */
  static own(name: string, text: string): Field {
    return new Field(name, headerId(name), trimmed(text));
  }

  /** The same header with another text, which is to be writable and without white space around it. */
  changed(text: string): Field {
    return new Field(this.name, this.id, text);
  }

  /** The same header with ASCII behind its line, which came in without white space at its end. */
  extended(added: string): Field {
    return new Field(this.origin, this.nth, undefined, undefined, undefined, added);
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
    const { origin, nth, added = '' } = this;
    const text = typeof origin === 'string' ? '' : origin.text(nth) + added;
    if (HEADERS[this.id]?.shape === 'text') this.text = text;
    return text;
  }

  /** Whether it goes by this name; `lower` is for names that are not in the table. */
  is(id: number, lower: string): boolean {
    return this.id === id && (id !== UNKNOWN || this.name.toLowerCase() === lower);
  }

  /** The typed first value; undefined for an empty list. @throws ProtocolError SIPX_PARSE_HEADER */
  first(): unknown {
    if (this.value !== undefined) return this.value;
    const { origin, nth } = this;
    this.value =
      typeof origin === 'string' || this.added !== undefined
        ? firstValue(this.id, this.raw, this.head?.leniencies)
        : firstIn(origin, origin.id(nth), nth);
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
