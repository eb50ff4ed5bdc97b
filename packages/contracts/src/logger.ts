/** What SIPX asks of a logger; a pino logger is one as it is. Nothing secret is ever handed to it. */
export interface Logger {
  debug(facts: object, message?: string): void;
  info(facts: object, message?: string): void;
  warn(facts: object, message?: string): void;
  error(facts: object, message?: string): void;
}

const nothing = (): void => {};

/** The default: a library does not write to its user's terminal. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
