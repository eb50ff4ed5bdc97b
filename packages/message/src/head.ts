import { isAscii, latin1, readText } from './bytes.ts';
import type { Leniencies } from './leniencies.ts';

/**
 * The octets of a parsed message, and where its parts are. It keeps no text: what is read is copied out, so
 * nothing that is read keeps a message alive, and a field costs one small number until somebody asks for it.
 */
export class Head {
  readonly bytes: Uint8Array;
  /** Of each field where it starts and which it is (`mark`); at last the blank line. */
  private readonly marks: readonly number[];
  private readonly uriStart: number;
  private readonly uriEnd: number;
  private readonly bodyEnd: number;
  private ascii: boolean | undefined = undefined;
  /** Undefined for the default ones. */
  readonly leniencies: Leniencies | undefined;

  constructor(
    bytes: Uint8Array,
    marks: readonly number[],
    uriStart: number,
    uriEnd: number,
    bodyEnd: number,
    leniencies?: Leniencies,
  ) {
    this.bytes = bytes;
    this.marks = marks;
    this.uriStart = uriStart;
    this.uriEnd = uriEnd;
    this.bodyEnd = bodyEnd;
    this.leniencies = leniencies;
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
    return readText(this.bytes, start, this.colon(start)).trimEnd();
  }

  /** The value's text: trimmed, unfolded, decoded; all values when there are several. */
  text(nth: number): string {
    const { bytes } = this;
    let from = this.colon(this.start(nth)) + 1;
    let to = this.start(nth + 1);
    while (from < to && isSpace(bytes[from])) from += 1;
    while (to > from && isSpace(bytes[to - 1])) to -= 1;
    if (from === to) return '';
    this.ascii ??= isAscii(bytes);
    const text = readText(bytes, from, to, this.ascii);
    // The parser lets a line end in nowhere but in a fold.
    return text.includes('\n') ? unfold(text) : text;
  }

  /** The fields from the nth to before the other one, with their line ends: a character for each octet. */
  lines(nth: number, before: number): string {
    return latin1(this.bytes, this.start(nth), this.start(before));
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

  private colon(from: number): number {
    const { bytes } = this;
    let at = from;
    while (bytes[at] !== COLON) at += 1;
    return at;
  }
}

/** Where a field starts and which it is, in one number: ids are below 256. */
export const mark = (start: number, id: number): number => start * 256 + id;
export const idOf = (marked: number): number => marked & 255;
export const startOf = (marked: number): number => Math.floor(marked / 256);

const COLON = 58;
const SPACE = 32;
const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === 13 || byte === 10 || byte === 9;

const unfold = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .join(' ')
    .trim();
