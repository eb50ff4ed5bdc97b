import sdpTransform, { type ParsedLine } from 'sdp-transform';
import type { SDPAttribute } from './sdp-attributes.ts';

/** The lines of the session, or of one m= section, of which each is taken once: what is left has no place of its own. */
export class SectionLines {
  private readonly byKey = new Map<string, Line[]>();
  private readonly lines: Line[] = [];

  /** What is no `letter=value` is passed over. */
  constructor(text: string) {
    for (const line of text.split(/\r\n|\r|\n/)) {
      if (!/^[a-z]=/.test(line)) continue;
      const value = line.slice(2);
      const colon = line.startsWith('a=') ? value.indexOf(':') : -1;
      const key = line.startsWith('a=')
        ? `a=${colon < 0 ? value.trim() : value.slice(0, colon)}`
        : line.slice(0, 1);
      const kept = { line, key, value: colon < 0 ? value : value.slice(colon + 1), taken: false };
      this.lines.push(kept);
      const same = this.byKey.get(key);
      if (same) same.push(kept);
      else this.byKey.set(key, [kept]);
    }
  }

  has(key: string): boolean {
    return this.byKey.has(key);
  }

  /** The first of a kind, by its letter or as `a=name`; it stays when it cannot be read. */
  first<T>(key: string, read: Reader<T>): T | undefined {
    const [line] = this.byKey.get(key) ?? [];
    return line && take(line, read);
  }

  /** All that can be read. */
  all<T>(key: string, read: Reader<T>): T[] {
    const values: T[] = [];
    for (const line of this.byKey.get(key) ?? []) {
      const value = take(line, read);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  /** A property, which has no value. */
  flag(name: string): boolean {
    return this.first(`a=${name}`, (_, line) => (line === `a=${name}` ? true : undefined)) ?? false;
  }

  /** The letter and the value of each line that has one of these letters, in their order. */
  inOrder(letters: string): readonly (readonly [letter: string, value: string])[] {
    return this.lines
      .filter(({ key }) => letters.includes(key))
      .map((line): [string, string] => {
        line.taken = true;
        return [line.key, line.value];
      });
  }

  attributes(): SDPAttribute[] {
    return this.left(true).map(({ key, value, line }) =>
      line.includes(':') ? { name: key.slice(2), value } : { name: key.slice(2) },
    );
  }

  /** Whole, without their ends. */
  others(): string[] {
    return this.left(false).map(({ line }) => line);
  }

  private left(attributes: boolean): Line[] {
    return this.lines.filter(({ key, taken }) => !taken && key.startsWith('a=') === attributes);
  }
}

/** Undefined when the value is none of these. */
export type Reader<T> = (value: string, line: string) => T | undefined;

/** What sdp-transform reads a line as. */
export const parsed =
  <T>(pick: (line: ParsedLine) => T | undefined): Reader<T> =>
  (_, line) =>
    pick(sdpTransform.parse(line.trimEnd()));

interface Line {
  readonly line: string;
  /** The letter; of an attribute `a=name`. */
  readonly key: string;
  /** Of an attribute what stands behind its colon. */
  readonly value: string;
  taken: boolean;
}

const take = <T>(line: Line, read: Reader<T>): T | undefined => {
  const value = read(line.value, line.line);
  if (value !== undefined) line.taken = true;
  return value;
};
