/** µs by contender. */
export type Column = ReadonlyMap<string, number>;

/** A row a contender: µs, and how many times that of `unit`. */
export const printTable = (
  columns: readonly (readonly [title: string, Column])[],
  names: readonly string[],
  unit: string,
): void => {
  const width = 18;
  console.log(''.padEnd(width) + columns.map(([title]) => title.padStart(width)).join(''));
  for (const name of names) {
    const cells = columns.map(([, column]) => cell(column.get(name), column.get(unit)));
    console.log(name.padEnd(width) + cells.map((text) => text.padStart(width)).join(''));
  }
};

const cell = (value: number | undefined, unit: number | undefined): string => {
  if (value === undefined) return '-';
  const digits = value < 100 ? 2 : 0;
  return unit === undefined
    ? value.toFixed(digits)
    : `${value.toFixed(digits)} ${`×${(value / unit).toFixed(2)}`.padStart(9)}`;
};
