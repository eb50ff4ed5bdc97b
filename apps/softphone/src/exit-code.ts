/** What the shell is told; README.md has the same list. */
export const ExitCode = {
  OK: 0,
  /** Something that nobody foresaw, or a check of the demonstration that did not hold. */
  FAILED: 1,
  /** The command line, the account or a file: nothing was sent. */
  USAGE: 2,
  /** The other side said no. */
  REFUSED: 3,
  /** No answer, no way, or nobody picked up. */
  UNREACHABLE: 4,
  /** Ctrl-C before there was anything to hang up. */
  INTERRUPTED: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
