import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** The stack's own log, on stderr: warnings, and everything when asked. */
export const stackLogger = (verbose: boolean, colour: boolean): Logger =>
  pino(
    { level: verbose ? 'debug' : 'warn', base: null },
    pretty({ destination: 2, sync: true, colorize: colour, translateTime: 'SYS:HH:MM:ss.l' }),
  );
