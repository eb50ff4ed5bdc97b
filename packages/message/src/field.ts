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
  /** Undefined for a field of the program's own. */
  readonly source: Source | undefined;
  readonly start: number;
  readonly nameEnd: number;
  /** Before the CRLF of its last line. */
  readonly end: number;
  readonly folded: boolean;
  private label: string | undefined;
  private text: string | undefined;
  /** The first value, once it has been read. */
  private value: unknown;

  constructor(
    id: number,
    source: Source | undefined,
    start: number,
    nameEnd: number,
    end: number,
    folded: boolean,
    label?: string,
    text?: string,
  ) {
    this.id = id;
    this.source = source;
    this.start = start;
    this.nameEnd = nameEnd;
    this.end = end;
    this.folded = folded;
    this.label = label;
    this.text = text;
    this.value = undefined;
  }

  /** Both are to be checked by the caller. */
  static own(name: string, text: string): Field {
    return new Field(headerId(name), undefined, 0, 0, 0, false, name, text.trim());
  }

  /** As it is spelled. */
  get name(): string {
    this.label ??= this.source?.text.slice(this.start, this.nameEnd) ?? '';
    return this.label;
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
    let from = text.indexOf(':', this.nameEnd) + 1;
    let to = end;
    while (from < to && isSpace(text.charCodeAt(from))) from += 1;
    while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
    const value = source.read(from, to);
    return this.folded ? value.replace(FOLD, ' ').trim() : value;
  }
}

const isSpace = (code: number): boolean => code === 32 || code === 9;
const FOLD = /[ \t]*\r\n[ \t]+/g;
