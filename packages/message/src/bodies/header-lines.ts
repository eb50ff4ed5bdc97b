import { isToken } from '../grammar.ts';
import { type HeadersInit, Headers } from '../headers.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { notA, tooMuch } from './faults.ts';

/**
 * Reads header lines that are part of a body, without the blank line behind them. Lines may end in LF alone.
 * @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY
 */
export const readHeaderLines = (what: string, text: string): Headers => {
  const headers = new Headers();
  // A line that begins with white space belongs to the one before it.
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    if (!isToken(name) || BREAKING.test(line)) throw notA(what, 'name: value', line);
    if (headers.size >= DEFAULT_LIMITS.headers) {
      throw tooMuch(`many header fields of ${what}`, DEFAULT_LIMITS.headers);
    }
    headers.append(name, line.slice(colon + 1).trim());
  }
  return headers;
};

const BREAKING = /[\r\n\0]/;

/** @throws UsageError SIPX_USAGE_HEADER */
export const writeHeaderLines = (headers: HeadersInit): string => {
  let text = '';
  for (const [name, value] of new Headers(headers)) text += `${name}: ${value}\r\n`;
  return text;
};
