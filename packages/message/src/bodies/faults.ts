import { ProtocolError, UsageError } from '@sipx/contracts';
import { shown } from '../grammar.ts';

export const notA = (what: string, expected: string, got: string, cause?: unknown): ProtocolError =>
  new ProtocolError('SIPX_PARSE_BODY', `no ${what}`, {
    expected,
    got: shown(got),
    ...(cause !== undefined && { cause }),
  });

export const tooMuch = (what: string, bound: number): ProtocolError =>
  new ProtocolError('SIPX_LIMIT_BODY', `too ${what}`, { expected: `at most ${bound}` });

export const notWritable = (what: string, expected: string, got: string): UsageError =>
  new UsageError('SIPX_USAGE', `${what} cannot be written`, { expected, got: shown(got) });

/** What would end the line. @throws UsageError SIPX_USAGE */
export const checkBodyLine = (what: string, line: string): string => {
  if (/[\r\n\0]/.test(line)) throw notWritable(what, 'text without CR, LF and NUL', line);
  return line;
};
