import { plain } from '../src/colour.ts';
import type { World } from '../src/command-line.ts';

/** A world without a terminal, whose words can be read and whose Ctrl-C is a function. */
export interface Captured {
  readonly world: World;
  readonly out: string[];
  readonly err: string[];
  readonly interrupt: () => void;
  /** Resolves when a line of stdout matches. */
  readonly said: (pattern: RegExp) => Promise<string>;
  readonly json: () => unknown;
}

/** No file of whoever runs the tests is read. */
const NO_CONFIG = { XDG_CONFIG_HOME: '/nowhere', APPDATA: '/nowhere' };

export const captured = (env: Record<string, string> = {}): Captured => {
  const out: string[] = [];
  const err: string[] = [];
  const waiting: { pattern: RegExp; found: (line: string) => void }[] = [];
  const interrupted = new AbortController();
  return {
    out,
    err,
    world: {
      env: { ...NO_CONFIG, ...env },
      signal: interrupted.signal,
      terminal: {
        say(line) {
          out.push(line);
          for (const { pattern, found } of waiting) if (pattern.test(line)) found(line);
        },
        note: (line) => void err.push(line),
        paint: plain,
        width: 100,
      },
    },
    interrupt: () => interrupted.abort(),
    said: (pattern) =>
      new Promise((found) => {
        const line = out.find((said) => pattern.test(said));
        if (line === undefined) waiting.push({ pattern, found });
        else found(line);
      }),
    json: () => JSON.parse(out.at(-1) ?? ''),
  };
};
