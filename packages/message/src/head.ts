import { latin1, readText } from './bytes.ts';
import { trimmed } from './grammar.ts';
import { colonOf } from './header-index.ts';
import { CALL_ID, CSEQ, FROM, HEADERS, TO, VIA } from './header-names.ts';
import type { Leniencies } from './leniencies.ts';
import { COLON, CR, HTAB, LF, SPACE } from './octets.ts';

/**
 * The octets of a parsed message, and where its parts are. It keeps no text: what is read is copied out, so
 * nothing that is read keeps a message alive, and a field costs one small number until somebody asks for it.
 */
export class Head {
  readonly bytes: Uint8Array;
  /** Of each field where it starts and which it is (`mark`); at last the blank line. */
  private readonly marks: readonly number[];
  /**
   * Of the headers that everybody reads: 0 when there is none; a plain value's layout, with the place of its
   * field, counted from 1, in the first octet; less than 0, that place alone, when it is not plain; the first
   * value, once it has been read.
   */
  via: unknown = 0;
  from: unknown = 0;
  to: unknown = 0;
  callId: unknown = 0;
  cseq: unknown = 0;
  contact: unknown = 0;
  uriStart = 0;
  uriEnd = 0;
  bodyEnd = 0;
  /** Undefined for the default ones. */
  readonly leniencies: Leniencies | undefined;

  constructor(bytes: Uint8Array, marks: readonly number[], leniencies?: Leniencies) {
    this.bytes = bytes;
    this.marks = marks;
    this.leniencies = leniencies;
  }

  /** What is known of one of the headers that everybody reads. */
  known(id: number): unknown {
    switch (id) {
      case VIA:
        return this.via;
      case FROM:
        return this.from;
      case TO:
        return this.to;
      case CALL_ID:
        return this.callId;
      case CSEQ:
        return this.cseq;
      default:
        return this.contact;
    }
  }

  learn(id: number, value: unknown): void {
    switch (id) {
      case VIA:
        this.via = value;
        break;
      case FROM:
        this.from = value;
        break;
      case TO:
        this.to = value;
        break;
      case CALL_ID:
        this.callId = value;
        break;
      case CSEQ:
        this.cseq = value;
        break;
      default:
        this.contact = value;
    }
  }

  /** Header fields, a count. */
  get size(): number {
    return this.marks.length - 1;
  }

  id(nth: number): number {
    return idOf(this.marks[nth] ?? 0);
  }

  /** The first field with this id from the nth on; -1 when there is none. */
  find(id: number, from: number = 0): number {
    const { marks } = this;
    for (let nth = from; nth < marks.length - 1; nth += 1) {
      if (idOf(marks[nth] ?? 0) === id) return nth;
    }
    return -1;
  }

  /** As it is spelled. */
  name(nth: number): string {
    const start = this.start(nth);
    const colon = this.colon(nth);
    const usual = HEADERS[this.id(nth)]?.name ?? '';
    if (start + usual.length === colon && isSpelled(this.bytes, start, usual)) return usual;
    return readText(this.bytes, start, colon).trimEnd();
  }

  /** The value's text: trimmed, unfolded, decoded; all values when there are several. */
  text(nth: number): string {
    const from = this.valueStart(nth);
    const to = this.valueEnd(nth, from);
    if (from === to) return '';
    const { bytes, marks } = this;
    const text = readText(bytes, from, to);
    return idOf(marks[marks.length - 1] ?? 0) === FOLDED && text.includes('\n')
      ? unfold(text)
      : text;
  }

  /** Where the value starts, without white space. */
  valueStart(nth: number): number {
    const { bytes } = this;
    const end = this.start(nth + 1);
    let at = this.colon(nth) + 1;
    while (at < end && isSpace(bytes[at])) at += 1;
    return at;
  }

  /** Where the line ends, if it is one. */
  plainEnd(nth: number): number {
    return this.start(nth + 1) - 2;
  }

  /** Where the value ends that starts there. */
  valueEnd(nth: number, start: number): number {
    const { bytes } = this;
    let at = this.start(nth + 1);
    while (at > start && isSpace(bytes[at - 1])) at -= 1;
    return at;
  }

  /** The fields from the nth to before the other one, each behind its line end: a character for each octet. */
  lines(nth: number, before: number): string {
    return latin1(this.bytes, this.start(nth) - 2, this.start(before) - 2);
  }

  /** Whether nothing is on its line but its name, a colon, one space and its value. */
  isTidy(nth: number): boolean {
    const { bytes } = this;
    const from = this.valueStart(nth);
    return (
      bytes[from - 1] === SPACE &&
      bytes[from - 2] === COLON &&
      !isSpace(bytes[from - 3]) &&
      this.valueEnd(nth, from) === this.plainEnd(nth)
    );
  }

  /** Whether the value is this ASCII text. */
  says(nth: number, text: string): boolean {
    const from = this.valueStart(nth);
    return from + text.length === this.valueEnd(nth, from) && isSpelled(this.bytes, from, text);
  }

  /** The text of the Request-URI. */
  uri(): string {
    return readText(this.bytes, this.uriStart, this.uriEnd);
  }

  body(): Uint8Array {
    const { bytes, bodyEnd } = this;
    const from = this.start(this.size) + 2;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + from, bodyEnd - from);
  }

  /** Where the nth field starts. */
  start(nth: number): number {
    return startOf(this.marks[nth] ?? 0);
  }

  private colon(nth: number): number {
    const { bytes } = this;
    const start = this.start(nth);
    let at = colonOf(this.id(nth), bytes, start);
    if (bytes[at] === COLON && !isSpace(bytes[start + 1])) return at;
    for (at = start; bytes[at] !== COLON; ) at += 1;
    return at;
  }
}

export const isSpelled = (bytes: Uint8Array, from: number, text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) {
    if (bytes[from + i] !== text.charCodeAt(i)) return false;
  }
  return true;
};

/** Where a field starts and which it is, in one number: ids are below 256. */
export const mark = (start: number, id: number): number => start * 256 + id;
const idOf = (marked: number): number => marked & 255;
const startOf = (marked: number): number =>
  marked <= 0x7fff_ffff ? marked >> 8 : Math.floor(marked / 256);

/** In place of the id of the blank line: some field goes on in a second line. */
export const FOLDED = 1;

export const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === CR || byte === LF || byte === HTAB;

const unfold = (text: string): string => trimmed(text.split(/\r?\n/).map(trimmed).join(' '));
