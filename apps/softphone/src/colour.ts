const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

export type Colour = keyof typeof CODES;
export type Paint = (colour: Colour, text: string) => string;

export const painted: Paint = (colour, text) => `\u001B[${CODES[colour]}m${text}\u001B[0m`;
export const plain: Paint = (_, text) => text;

/** FORCE_COLOR decides before NO_COLOR, as in Node itself; without either, whether there is a terminal. */
export const wantsColour = (
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean => {
  const { FORCE_COLOR: force, NO_COLOR: no } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTTY && !no && env['TERM'] !== 'dumb';
};
