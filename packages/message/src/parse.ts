import { type ErrorCode, ProtocolError } from '@sipx/contracts';
import { joinOctets, latin1, readText, withMethods } from './bytes.ts';
import { shown, TOKEN_BYTE } from './grammar.ts';
import { FOLDED, Head, isSpace, isSpelled, mark } from './head.ts';
import { colonOf, headerIdAt } from './header-index.ts';
import { CONTENT_LENGTH, headerId, HOT, UNKNOWN } from './header-names.ts';
import { Headers } from './headers.ts';
import { DEFAULT_LENIENCIES, type Leniencies } from './leniencies.ts';
import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
import type { Message } from './message.ts';
import { methodAt } from './methods.ts';
import { found, plainEnd } from './plain.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';
import { type Parsed, VERSION } from './sip-message.ts';
import { reasonPhrase } from './status.ts';
import { COLON, CR, HTAB, LF, SLASH, SPACE, ZERO } from './octets.ts';

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
  const end = controlFrom(bytes, start);
  if (end - start > limits.head) throw tooLong(limits);
  if (bytes[end] !== CR || bytes[end + 1] !== LF) throw noStartLine(bytes, start);
  const head = readFields(bytes, start, end + 2, limits);
  return startsWithVersion(bytes, start)
    ? readResponse(head, start, end, limits)
    : readRequest(head, start, end, limits);
};

/** For peers that end the lines of the head with LF alone. */
const withLineEnds = (bytes: Uint8Array, limits: Rules): Uint8Array => {
  const text = latin1(bytes, 0, Math.min(bytes.length, limits.head));
  const head = /^(?:\r?\n)*[^]*?\n\r?\n/.exec(text)?.[0] ?? '';
  return joinOctets(head.replace(/\r?\n/g, '\r\n'), bytes.subarray(head.length));
};

/** The letters of the version have no case; a method may begin with them. */
const startsWithVersion = (bytes: Uint8Array, start: number): boolean =>
  bytes[start + 3] === SLASH &&
  (isVersion(bytes, start) || /^SIP$/i.test(latin1(bytes, start, start + 3)));

/** Whether 'SIP/2.0' stands there, in capitals. */
const isVersion = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 83 &&
  bytes[at + 1] === 73 &&
  bytes[at + 2] === 80 &&
  bytes[at + 3] === SLASH &&
  bytes[at + 4] === 50 &&
  bytes[at + 5] === 46 &&
  bytes[at + 6] === 48;

/**
 * One pass: where each field is, and which header it is. Of those that everybody reads, whether the first is of
 * the plain form is seen on the way; values stay unread.
 */
const readFields = (bytes: Uint8Array, start: number, from: number, limits: Rules): Head => {
  const marks: number[] = [];
  const head = new Head(bytes, marks, limits.leniencies);
  let length = 0;
  let folded = UNKNOWN;
  let at = from;
  for (;;) {
    if (bytes[at] === CR && bytes[at + 1] === LF) break;
    let id = headerIdAt(bytes, at);
    let colon = colonOf(id, bytes, at);
    const usual = id !== UNKNOWN;
    if (!usual) {
      const nameEnd = tokenEnd(bytes, at);
      colon = nameEnd;
      while (isBlank(bytes[colon])) colon += 1;
      if (bytes[colon] !== COLON || nameEnd === at) throw noField(bytes, at);
      if (colon > nameEnd) id = headerId(latin1(bytes, at, nameEnd));
    }
    let end = -1;
    if (id < HOT) {
      if (id !== UNKNOWN && head.known(id) === 0) {
        if (usual) end = plainEnd(id, bytes, bytes[colon + 1] === SPACE ? colon + 2 : colon + 1);
        if (end > 0 && (bytes[end] !== CR || isBlank(bytes[end + 2]))) end = -1;
        if (limits.leniencies || marks.length > 126) end = -1;
        head.learn(id, end > 0 ? found.layout | (marks.length + 1) : -1 - marks.length);
      }
    } else if (id === CONTENT_LENGTH && length === 0) length = colon + 1;
    if (end < 0) end = controlFrom(bytes, colon + 1);
    for (;;) {
      if (end - start > limits.head) throw tooLong(limits);
      if (bytes[end] !== CR || bytes[end + 1] !== LF) throw badLineEnd(bytes, at, end);
      if (!isBlank(bytes[end + 2])) break;
      folded = FOLDED;
      end = controlFrom(bytes, end + 2);
    }
    if (marks.length >= limits.headers) {
      throw limit('SIPX_LIMIT_HEADERS', 'too many header fields', limits.headers);
    }
    marks.push(mark(at, id));
    at = end + 2;
  }
  if (at + 2 - start > limits.head) throw tooLong(limits);
  marks.push(mark(at, folded));
  head.bodyEnd = bodyEnd(bytes, at + 2, length, limits);
  return head;
};

/** The next control character that is no tab: the end of the line, or what is no part of one. */
const controlFrom = (bytes: Uint8Array, from: number): number => {
  let at = from;
  for (;;) {
    // By fours, since most of a message goes this way.
    while (
      (bytes[at] as number) >= SPACE &&
      (bytes[at + 1] as number) >= SPACE &&
      (bytes[at + 2] as number) >= SPACE &&
      (bytes[at + 3] as number) >= SPACE
    ) {
      at += 4;
    }
    while ((bytes[at] as number) >= SPACE) at += 1;
    const byte = bytes[at];
    if (byte === CR || byte === LF || byte === undefined) return at;
    at += 1;
  }
};

const tokenEnd = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (TOKEN_BYTE[bytes[at] ?? 0] === 1) at += 1;
  return at;
};

/** Where the body ends. */
const bodyEnd = (bytes: Uint8Array, from: number, length: number, limits: Rules): number => {
  let to = bytes.length;
  if (to === from) return to;
  const declared = length === 0 ? -1 : numberAt(bytes, length);
  if (declared >= 0) to = Math.min(to, from + declared);
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

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === HTAB;

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= ZERO && byte <= ZERO + 9;

const readResponse = (head: Head, start: number, end: number, limits: Rules): Response => {
  const { bytes } = head;
  let status = statusAt(bytes, start, end);
  let version = VERSION;
  let from = start + 12;
  if (status === 0) {
    const match = STATUS_LINE.exec(latin1(bytes, start, end));
    if (!match) throw noStartLine(bytes, start);
    status = Number(match[2]);
    version = spelledVersion(match[1] ?? '', limits);
    from = start + match[0].length;
  }
  const reason = from >= end ? '' : reasonAt(bytes, from, end, status);
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
const reasonAt = (bytes: Uint8Array, from: number, end: number, status: number): string => {
  const usual = reasonPhrase(status);
  return usual.length === end - from && isSpelled(bytes, from, usual)
    ? usual
    : readText(bytes, from, end);
};

const readRequest = (head: Head, start: number, end: number, limits: Rules): Request => {
  const { bytes } = head;
  let methodEnd = start;
  while (methodEnd < end && bytes[methodEnd] !== SPACE) methodEnd += 1;
  // The URI is all between: one with spaces in it is to be answered (RFC 4475 3.1.2.8), not to be lost.
  const usual = isVersion(bytes, end - 7) && bytes[end - 8] === SPACE;
  const uriEnd = usual ? end - 8 : start + oddVersion(latin1(bytes, start, end));
  if (methodEnd === start || uriEnd <= methodEnd) throw noStartLine(bytes, start);
  if (uriEnd - methodEnd - 1 > limits.uri) {
    throw limit('SIPX_LIMIT_URI', 'the Request-URI is too long', limits.uri);
  }
  head.uriStart = methodEnd + 1;
  head.uriEnd = uriEnd;
  const method = methodAt(bytes, start, methodEnd) ?? readText(bytes, start, methodEnd);
  const version = usual ? VERSION : spelledVersion(readText(bytes, uriEnd + 1, end), limits);
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
const oddVersion = (line: string): number => line.search(/ SIP\/[^ \t]*[ \t]*$/i);

/** The version has no case, and is sent in capitals (RFC 3261 7.1). */
const spelledVersion = (text: string, { leniencies }: Rules): string =>
  text === VERSION ? VERSION : leniencies?.lowerCaseVersion === false ? text : text.toUpperCase();

/** Why a line has no CRLF at its end: what one peer takes for text and the next for a line end can carry a header past the first. */
const badLineEnd = (bytes: Uint8Array, from: number, end: number): ProtocolError =>
  bytes.indexOf(LF, end) < 0
    ? new ProtocolError('SIPX_PARSE_HEADER', 'the message has no end of its head', {
        expected: 'a blank line',
      })
    : new ProtocolError('SIPX_PARSE_HEADER', 'a line is not ended by CRLF', {
        expected: 'CR LF',
        got: bytes[end] === CR ? 'CR alone' : 'LF alone',
        offset: from,
      });

const noField = (bytes: Uint8Array, at: number): ProtocolError => {
  const end = controlFrom(bytes, at);
  if (bytes[end + 1] === undefined) return badLineEnd(bytes, at, end);
  return new ProtocolError('SIPX_PARSE_HEADER', 'a line is no header field', {
    expected: 'name: value',
    got: shown(latin1(bytes, at, end)),
    offset: at,
  });
};

const noStartLine = (bytes: Uint8Array, start: number): ProtocolError => {
  const lf = bytes.indexOf(LF, start);
  if (lf < 0) return badLineEnd(bytes, start, bytes.length);
  return new ProtocolError('SIPX_PARSE_START_LINE', 'neither a request line nor a status line', {
    expected: `METHOD uri ${VERSION}, or ${VERSION} status reason`,
    got: shown(latin1(bytes, start, bytes[lf - 1] === CR ? lf - 1 : lf)),
    offset: 0,
  });
};

const tooLong = ({ head }: Rules): ProtocolError =>
  limit('SIPX_LIMIT_HEAD', 'the head is too long', head);

const limit = (code: ErrorCode, what: string, bound: number): ProtocolError =>
  new ProtocolError(code, what, { expected: `at most ${bound}` });

const STATUS_LINE = /^(SIP\/\d+\.\d+) (\d{3})(?: |$)/i;
