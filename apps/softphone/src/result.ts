import type { ExitCode } from './exit-code.ts';

/** What a command came to: the object that `--json` prints, and what the shell is told. */
export interface Result {
  readonly exit: ExitCode;
  readonly json: { readonly ok: boolean } & Readonly<Record<string, unknown>>;
}

export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
