import { splitList } from './grammar.ts';
import type { Head } from './head.ts';
import { HEADERS, headerId, UNKNOWN } from './header-names.ts';
import { readValue } from './header-types.ts';

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

  constructor(origin: Head | string, nth: number, text?: string, next?: Field) {
    this.origin = origin;
    this.nth = nth;
    this.text = text;
    this.value = undefined;
    this.next = next;
  }

  /** Both are to be checked by the caller. */
  static own(name: string, text: string): Field {
    return new Field(name, headerId(name), text.trim());
  }

  /** Undefined for a field of the program's own. */
  get head(): Head | undefined {
    return typeof this.origin === 'string' ? undefined : this.origin;
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
    if (this.value === undefined) {
      const text = HEADERS[this.id]?.list ? this.firstText() : this.raw;
      if (text === undefined) return undefined;
      this.value = readValue(this.id, text);
    }
    return this.value;
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  all(): unknown[] {
    const texts = this.texts();
    return texts.length === 1 ? [this.first()] : texts.map((text) => readValue(this.id, text));
  }

  /** The text of each value. */
  texts(): string[] {
    const row = HEADERS[this.id];
    if (!row?.list) return [this.raw];
    const texts = splitList(this.raw);
    return row.shape === 'token' ? texts.filter((text) => text !== '') : texts;
  }

  private firstText(): string | undefined {
    const { raw } = this;
    return raw === '' || raw.includes(',') ? this.texts()[0] : raw;
  }
}
