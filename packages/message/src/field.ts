import type { Source } from './bytes.ts';
import { splitList } from './grammar.ts';
import { HEADERS, headerId, UNKNOWN } from './header-names.ts';
import { readValue } from './header-types.ts';

/**
 * One header field: a range of the message that it came in, or text of its own. It never changes, so messages
 * made from one another share it; what is read from it is kept.
 */
export class Field {
  readonly id: number;
  /** The message that it came in; the name, for a field of the program's own. */
  private readonly origin: Source | string;
  /** Of its name. */
  readonly start: number;
  /** Before the CRLF of its last line. */
  readonly end: number;
  private text: string | undefined;
  /** The first value, once it has been read. */
  private value: unknown;

  constructor(id: number, origin: Source | string, start: number, end: number, text?: string) {
    this.id = id;
    this.origin = origin;
    this.start = start;
    this.end = end;
    this.text = text;
    this.value = undefined;
  }

  /** Both are to be checked by the caller. */
  static own(name: string, text: string): Field {
    return new Field(headerId(name), name, 0, 0, text.trim());
  }

  /** Undefined for a field of the program's own. */
  get source(): Source | undefined {
    return typeof this.origin === 'string' ? undefined : this.origin;
  }

  /** As it is spelled. */
  get name(): string {
    const { origin, start } = this;
    if (typeof origin === 'string') return origin;
    return origin.text.slice(start, origin.text.indexOf(':', start)).trimEnd();
  }

  /** The value's text: trimmed, unfolded, decoded; all values when there are several. */
  get raw(): string {
    this.text ??= this.readText();
    return this.text;
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

  private readText(): string {
    const { source, end } = this;
    if (!source) return '';
    const { text } = source;
    let from = text.indexOf(':', this.start) + 1;
    let to = end;
    while (from < to && isSpace(text.charCodeAt(from))) from += 1;
    while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
    const value = source.read(from, to);
    // The parser lets a CR through nowhere but in a fold.
    return value.includes('\r') ? unfold(value) : value;
  }
}

const isSpace = (code: number): boolean => code === 32 || code === 9;
const unfold = (text: string): string =>
  text
    .split('\r\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
