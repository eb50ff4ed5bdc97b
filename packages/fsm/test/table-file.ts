import { readFileSync } from 'node:fs';

/** Rows of a tab-separated file of this folder by its column names; `#` begins a line of explanation. */
export const readTable = <Column extends string>(
  file: string,
  columns: readonly Column[],
): readonly Readonly<Record<Column, string>>[] => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const [head = '', ...lines] = text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (head !== columns.join('\t')) throw new TypeError(`${file}: the columns are ${head}`);
  return lines.map((line) => {
    const cells = line.split('\t');
    if (cells.length !== columns.length) throw new TypeError(`${file}: ${line}`);
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) as Record<
      Column,
      string
    >;
  });
};

/** What a cell lists; `-` is nothing. */
export const listed = (cell: string, between: string): readonly string[] =>
  cell === '-' ? [] : cell.split(between);
