import { ProtocolError, UsageError } from '@sipx/contracts';
import { CR, HTAB, LF, SPACE } from './octets.ts';

/** RFC 3261 25.1, `token`. */
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** By byte: 1 where RFC 3261's `token` allows it. */
export const TOKEN_BYTE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  TOKEN.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** A loop over a table is faster than the expression for what is as short as names are. */
export const isToken = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) {
    if (TOKEN_BYTE[text.charCodeAt(at)] !== 1) return false;
  }
  return text.length > 0;
};

/**
 * That the text holds nothing which would end the line, or the string in a peer written in C, and so smuggle
 * another header. Three searches are faster than one expression. @throws UsageError SIPX_USAGE_HEADER
 */
export const checkText = (what: string, text: string): string => {
  if (text.indexOf('\0') >= 0) throw breaking(what, text);
  return checkLine(what, text);
};

/** For what came from a peer through the parser: a quoted NUL is legal there (25.1, `quoted-pair`). */
export const checkLine = (what: string, text: string): string => {
  if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) throw breaking(what, text);
  return text;
};

const breaking = (what: string, text: string): UsageError =>
  unwritable(`${what} would break out of its line`, 'text without CR, LF and NUL', text);

/** @throws UsageError SIPX_USAGE_HEADER */
export const checkToken = (what: string, text: string): string => {
  if (isToken(text)) return text;
  throw unwritable(`${what} is not a token`, "letters, digits and -.!%*_+`'~", text);
};

const unwritable = (message: string, expected: string, got: string): UsageError =>
  new UsageError('SIPX_USAGE_HEADER', message, { expected, got: shown(got) });

export const malformed = (header: string, expected: string, got: string): ProtocolError =>
  new ProtocolError('SIPX_PARSE_HEADER', `malformed ${header}`, { expected, got: shown(got) });

/** Reads by an expression. @throws ProtocolError SIPX_PARSE_HEADER */
export const matched = (form: RegExp, text: string, header: string, expected: string): string[] => {
  const match = form.exec(text);
  if (!match) throw malformed(header, expected, text);
  return match;
};

/** That the parts of a new value make one which can be read. @throws UsageError SIPX_USAGE_HEADER */
export const checkForm = (form: RegExp, value: unknown, header: string, expected: string): void => {
  const text = checkText(header, String(value));
  if (!form.test(text)) throw unwritable(`no ${header}`, expected, text);
};

/** `word` allows brackets, quotes and most separators beyond `token`; no white space and no comma. */
export const CALL_ID_TEXT: RegExp = /^[^\s,;@\0-\x1f\x7f]+(?:@[^\s,;@\0-\x1f\x7f]+)?$/;

/** A peer's text in an error: bounded, and with its control characters escaped. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

const SHOWN = 80;

/** The text of a `quoted-string`, without its quotes and escapes. */
export const unquote = (quoted: string): string => {
  const inner = quoted.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner;
};

export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Where the `quoted-string` that opens at `open` ends (after its closing quote), or -1. */
export const quotedEnd = (text: string, open: number): number => {
  let close = text.indexOf('"', open + 1);
  while (close >= 0) {
    let escapes = 0;
    while (text[close - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return close + 1;
    close = text.indexOf('"', close + 1);
  }
  return -1;
};

/** The first position from `at` that holds no linear white space. */
export const skipSpace = (text: string, at: number): number => {
  let next = at;
  for (;;) {
    const code = text.charCodeAt(next);
    if (code !== SPACE && code !== HTAB) return next;
    next += 1;
  }
};

/** Without the white space of SIP around it: SP, HTAB and the line ends of folding. Unicode calls more so. */
export const trimmed = (text: string): string => {
  let from = 0;
  let to = text.length;
  while (from < to && isWhite(text.charCodeAt(from))) from += 1;
  while (to > from && isWhite(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
};
const isWhite = (code: number): boolean =>
  code === SPACE || code === HTAB || code === CR || code === LF;

/** Splits at commas that stand outside quotes and angle brackets (RFC 3261 7.3.1). */
export const splitList = (text: string): string[] => {
  if (!text.includes(',')) return [trimmed(text)];
  const values: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === ',') {
      values.push(trimmed(text.slice(from, at)));
      from = at + 1;
    } else if (char === '"' || char === '<') {
      // An unclosed quote or bracket takes the rest with it; the value's own reader will refuse that.
      const end = char === '"' ? quotedEnd(text, at) : text.indexOf('>', at) + 1;
      if (end <= 0) break;
      at = end;
      continue;
    }
    at += 1;
  }
  values.push(trimmed(text.slice(from)));
  return values;
};
