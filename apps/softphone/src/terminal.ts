import { type Paint, painted, plain, wantsColour } from './colour.ts';

/** Where words go: what was asked for on stdout, what goes on beside it on stderr. */
export interface Terminal {
  say(line: string): void;
  note(line: string): void;
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
}

/** Wide enough for a ladder of three parties with its longest usual labels. */
const WIDTH_OF_A_FILE = 100;

export const processTerminal = (): Terminal => {
  const { stdout, stderr, env } = process;
  return {
    say: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    paint: wantsColour(env, stdout.isTTY) ? painted : plain,
    width: stdout.columns ?? WIDTH_OF_A_FILE,
  };
};
