import { type ErrorCode, ProtocolError } from '@sipx/contracts';
import { joinOctets, latin1, readText, withMethods } from './bytes.ts';
import { shown, TOKEN_BYTE } from './grammar.ts';
import { FOLDED, Head, idOf, isSpace, mark, startOf } from './head.ts';
import { headerIdAt } from './header-index.ts';
import { CONTENT_LENGTH, headerId, UNKNOWN } from './header-names.ts';
import { Headers } from './headers.ts';
import { DEFAULT_LENIENCIES, type Leniencies } from './leniencies.ts';
import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
import type { Message } from './message.ts';
import { methodAt } from './methods.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';
import { type Parsed, VERSION } from './sip-message.ts';
import { reasonPhrase } from './status.ts';

/**
 * Reads one whole message (RFC 3261 7), as a datagram holds it. It refuses only what cannot be represented;
 * `validate` names the faults of the rest. Content beyond Content-Length is cut off (18.3).
 *
 * The octets are the message's from here on: they are neither copied nor to be changed.
 * @throws ProtocolError SIPX_PARSE_START_LINE, SIPX_PARSE_HEADER, SIPX_LIMIT_HEAD, SIPX_LIMIT_HEADERS,
 * SIPX_LIMIT_URI, SIPX_LIMIT_BODY
 */
export const parseMessage = (bytes: Uint8Array, options?: ParseOptions): Message =>
  read(bytes, options ? rulesOf(options) : DEFAULT_LIMITS);

export interface ParseOptions {
  readonly limits?: Partial<ParseLimits>;
  /** Over the default ones. `STRICT` of `@sipx/message/strict` is the letter of the RFC. */
  readonly leniencies?: Partial<Leniencies>;
}

/** `parseMessage` with options of its own. */
export class MessageParser {
  private readonly rules: Rules;

  constructor(options: ParseOptions = {}) {
    this.rules = rulesOf(options);
  }

  /** @throws as `parseMessage` */
  parse(bytes: Uint8Array): Message {
    return read(bytes, this.rules);
  }
}

interface Rules extends ParseLimits {
  /** Undefined for the default ones. */
  readonly leniencies?: Leniencies | undefined;
}

const rulesOf = ({ limits, leniencies }: ParseOptions): Rules => ({
  ...DEFAULT_LIMITS,
  ...limits,
  leniencies: leniencies && { ...DEFAULT_LENIENCIES, ...leniencies },
});

const read = (octets: Uint8Array, limits: Rules): Message => {
  const { leniencies } = limits;
  const given = withMethods(octets);
  const bytes = leniencies?.bareLineFeed ? withMethods(withLineEnds(given, limits)) : given;
  const start = leniencies?.leadingLineEnds === false ? 0 : skipLineEnds(bytes);
  const text = latin1(bytes, 0, Math.min(bytes.length, start + limits.head));
  const lf = text.indexOf('\n', start);
  if (lf < 0) throw unfinished(text, bytes, limits);
  const end = lf - 1;
  if (text.indexOf('\r', start) !== end) throw noStartLine(text.slice(start, lf));
  const marks = readFields(text, bytes, lf + 1, limits);
  const to = bodyEnd(text, bytes, marks, limits);
  return startsWithVersion(text, bytes, start)
    ? readResponse(text, bytes, start, end, marks, to, limits)
    : readRequest(text, bytes, start, end, marks, to, limits);
};

/** For peers that end the lines of the head with LF alone. */
const withLineEnds = (bytes: Uint8Array, limits: Rules): Uint8Array => {
  const text = latin1(bytes, 0, Math.min(bytes.length, limits.head));
  const head = /^(?:\r?\n)*[^]*?\n\r?\n/.exec(text)?.[0] ?? '';
  return joinOctets(head.replace(/\r?\n/g, '\r\n'), bytes.subarray(head.length));
};

/** The letters of the version have no case; a method may begin with them. */
const startsWithVersion = (text: string, bytes: Uint8Array, start: number): boolean =>
  bytes[start + 3] === SLASH &&
  (isVersion(bytes, start) || /^SIP\//i.test(text.slice(start, start + 4)));

/** Whether 'SIP/2.0' stands there, in capitals. */
const isVersion = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 83 &&
  bytes[at + 1] === 73 &&
  bytes[at + 2] === 80 &&
  bytes[at + 3] === SLASH &&
  bytes[at + 4] === 50 &&
  bytes[at + 5] === 46 &&
  bytes[at + 6] === 48;

/** One pass: where each field is, and which header it is. Values stay unread. */
const readFields = (text: string, bytes: Uint8Array, from: number, limits: Rules): number[] => {
  const marks: number[] = [];
  let last = UNKNOWN;
  let at = from;
  for (;;) {
    if (at + 2 > text.length) throw unfinished(text, bytes, limits);
    if (bytes[at] === CR && bytes[at + 1] === LF) break;
    let id = headerIdAt(bytes, at);
    let colon = at + 1;
    if (id === UNKNOWN) {
      const nameEnd = tokenEnd(bytes, at);
      colon = nameEnd;
      while (bytes[colon] === SPACE || bytes[colon] === TAB) colon += 1;
      if (bytes[colon] !== COLON || nameEnd === at) throw noField(text, at);
      if (colon > nameEnd) id = headerId(text.slice(at, nameEnd));
    }

    let end = lineEnd(text, bytes, colon, limits);
    while (bytes[end + 2] === SPACE || bytes[end + 2] === TAB) {
      last = FOLDED;
      end = lineEnd(text, bytes, end + 2, limits);
    }
    if (marks.length >= limits.headers) {
      throw limit('SIPX_LIMIT_HEADERS', 'too many header fields', limits.headers);
    }
    marks.push(mark(at, id));
    at = end + 2;
  }
  marks.push(mark(at, last));
  return marks;
};

const tokenEnd = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (TOKEN_BYTE[bytes[at] ?? 0] === 1) at += 1;
  return at;
};

/**
 * Where the CRLF of the line is. A bare CR or LF is refused: what one peer takes for text and the next for
 * the end of a line can carry a header past the first of them.
 */
const lineEnd = (text: string, bytes: Uint8Array, from: number, limits: Rules): number => {
  const lf = text.indexOf('\n', from);
  if (lf < 0) throw unfinished(text, bytes, limits);
  const cr = text.indexOf('\r', from);
  if (cr === lf - 1) return cr;
  throw new ProtocolError('SIPX_PARSE_HEADER', 'a line is not ended by CRLF', {
    expected: 'CR LF',
    got: bytes[lf - 1] === CR ? 'CR alone' : 'LF alone',
    offset: from,
  });
};

/** Where the body ends. */
const bodyEnd = (
  text: string,
  bytes: Uint8Array,
  marks: readonly number[],
  limits: Rules,
): number => {
  const from = startOf(marks[marks.length - 1] as number) + 2;
  let to = bytes.length;
  if (to === from) return to;
  for (let nth = 0; nth < marks.length - 1; nth += 1) {
    const marked = marks[nth] as number;
    if (idOf(marked) !== CONTENT_LENGTH) continue;
    const declared = numberAt(bytes, text.indexOf(':', startOf(marked)) + 1);
    if (declared >= 0) to = Math.min(to, from + declared);
    break;
  }
  if (to - from > limits.body) throw limit('SIPX_LIMIT_BODY', 'the body is too long', limits.body);
  return to;
};

/** The digits that a field has behind its colon; -1 when it is not that. */
const numberAt = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  const digits = at;
  let value = 0;
  for (; isDigit(bytes[at]); at += 1) value = value * 10 + ((bytes[at] as number) - ZERO);
  if (at === digits) return -1;
  for (;;) {
    while (isBlank(bytes[at])) at += 1;
    if (bytes[at] !== CR) return -1;
    if (!isBlank(bytes[at + 2])) return value;
    at += 2;
  }
};

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= ZERO && byte <= ZERO + 9;

const readResponse = (
  text: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  marks: readonly number[],
  to: number,
  limits: Rules,
): Response => {
  const head = new Head(bytes, marks, 0, 0, to, limits.leniencies);
  let status = statusAt(bytes, start, end);
  let version = VERSION;
  let from = start + 12;
  if (status === 0) {
    const line = text.slice(start, end);
    const match = STATUS_LINE.exec(line);
    if (!match) throw noStartLine(line);
    status = Number(match[2]);
    version = spelledVersion(match[1] ?? '', limits);
    from = start + match[0].length;
  }
  const reason = from >= end ? '' : reasonAt(text, bytes, from, end, status);
  return new Response({ status, reason }, parsed(head, version));
};

/** Behind a version as ours; 0 when it is another, or not that. */
const statusAt = (bytes: Uint8Array, start: number, end: number): number => {
  const hundreds = bytes[start + 8];
  const tens = bytes[start + 9];
  const ones = bytes[start + 10];
  if (!isDigit(hundreds) || !isDigit(tens) || !isDigit(ones)) return 0;
  if (bytes[start + 7] !== SPACE || !isVersion(bytes, start)) return 0;
  if (start + 11 !== end && bytes[start + 11] !== SPACE) return 0;
  return (hundreds as number) * 100 + (tens as number) * 10 + (ones as number) - ZERO * 111;
};

/** The usual phrase itself, where it is that: a message need not keep the letters. */
const reasonAt = (
  text: string,
  bytes: Uint8Array,
  from: number,
  end: number,
  status: number,
): string => {
  const usual = reasonPhrase(status);
  return usual.length === end - from && text.slice(from, end) === usual
    ? usual
    : readText(bytes, from, end);
};

const readRequest = (
  text: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  marks: readonly number[],
  to: number,
  limits: Rules,
): Request => {
  const methodEnd = text.indexOf(' ', start);
  // The URI is all between: one with spaces in it is to be answered (RFC 4475 3.1.2.8), not to be lost.
  const usual = isVersion(bytes, end - 7) && bytes[end - 8] === SPACE;
  const uriEnd = usual ? end - 8 : start + oddVersion(text.slice(start, end));
  if (methodEnd <= start || uriEnd <= methodEnd) throw noStartLine(text.slice(start, end));
  if (uriEnd - methodEnd - 1 > limits.uri) {
    throw limit('SIPX_LIMIT_URI', 'the Request-URI is too long', limits.uri);
  }
  const method = methodAt(bytes, start, methodEnd) ?? readText(bytes, start, methodEnd);
  const version = usual ? VERSION : spelledVersion(readText(bytes, uriEnd + 1, end), limits);
  const head = new Head(bytes, marks, methodEnd + 1, uriEnd, to, limits.leniencies);
  return new Request({ method, uri: '' }, parsed(head, version));
};

const parsed = (head: Head, version: string): Parsed => ({
  version,
  headers: Headers.parsed(head),
  body: head,
  head,
});

/** Empty lines may come before a message (RFC 3261 7.5). */
const skipLineEnds = (bytes: Uint8Array): number => {
  let at = 0;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
};

/** Where the space before another version than ours is, or one in other letters, or with spaces behind it. */
const oddVersion = (line: string): number => line.search(/ SIP\/\S*[ \t]*$/i);

/** The version has no case, and is sent in capitals (RFC 3261 7.1). */
const spelledVersion = (text: string, { leniencies }: Rules): string =>
  text === VERSION ? VERSION : leniencies?.lowerCaseVersion === false ? text : text.toUpperCase();

const unfinished = (text: string, bytes: Uint8Array, limits: Rules): ProtocolError =>
  text.length < bytes.length
    ? limit('SIPX_LIMIT_HEAD', 'the head is too long', limits.head)
    : new ProtocolError('SIPX_PARSE_HEADER', 'the message has no end of its head', {
        expected: 'a blank line',
      });

const noField = (text: string, at: number): ProtocolError => {
  const end = text.indexOf('\r\n', at);
  return new ProtocolError('SIPX_PARSE_HEADER', 'a line is no header field', {
    expected: 'name: value',
    got: shown(text.slice(at, end < 0 ? undefined : end)),
    offset: at,
  });
};

const noStartLine = (line: string): ProtocolError =>
  new ProtocolError('SIPX_PARSE_START_LINE', 'neither a request line nor a status line', {
    expected: `METHOD uri ${VERSION}, or ${VERSION} status reason`,
    got: shown(line),
    offset: 0,
  });

const limit = (code: ErrorCode, what: string, bound: number): ProtocolError =>
  new ProtocolError(code, what, { expected: `at most ${bound}` });

const CR = 13;
const LF = 10;
const TAB = 9;
const SPACE = 32;
const COLON = 58;
const SLASH = 47;
const ZERO = 48;
const STATUS_LINE = /^(SIP\/\d+\.\d+) (\d{3})(?: |$)/i;
