import { type ErrorCode, ProtocolError } from '@sipx/contracts';
import { Source } from './bytes.ts';
import { Field } from './field.ts';
import { shown, TOKEN_BYTE } from './grammar.ts';
import { CONTENT_LENGTH, headerIdAt } from './header-names.ts';
import { Headers } from './headers.ts';
import { DEFAULT_LIMITS, type ParseLimits } from './limits.ts';
import type { Message } from './message.ts';
import { BodyRange, NO_BODY, VERSION } from './sip-message.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';

/**
 * Reads one whole message (RFC 3261 7), as a datagram holds it. It refuses only what cannot be represented;
 * `validate` names the faults of the rest. Content beyond Content-Length is cut off (18.3).
 *
 * The octets are the message's from here on: they are neither copied nor to be changed.
 * @throws ProtocolError SIPX_PARSE_START_LINE, SIPX_PARSE_HEADER, SIPX_LIMIT_HEAD, SIPX_LIMIT_HEADERS,
 * SIPX_LIMIT_URI, SIPX_LIMIT_BODY
 */
export const parseMessage = (bytes: Uint8Array, options?: Partial<ParseLimits>): Message =>
  read(bytes, options ? { ...DEFAULT_LIMITS, ...options } : DEFAULT_LIMITS);

/** `parseMessage` with limits of its own. */
export class MessageParser {
  readonly limits: ParseLimits;

  constructor(limits: Partial<ParseLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** @throws as `parseMessage` */
  parse(bytes: Uint8Array): Message {
    return read(bytes, this.limits);
  }
}

const read = (bytes: Uint8Array, limits: ParseLimits): Message => {
  const start = skipLineEnds(bytes);
  const source = new Source(bytes, Math.min(bytes.length, start + limits.head));
  const { text } = source;
  const firstEnd = text.indexOf('\r\n', start);
  if (firstEnd < 0) throw unfinished(source, limits);

  const fields: Field[] = [];
  const head = readFields(source, firstEnd + 2, fields, limits);
  const headers = new Headers(undefined, fields);
  const body = readBody(source, head.end, head.length, limits);
  const line = text.slice(start, firstEnd);
  return line.startsWith('SIP/') || STATUS_LINE.test(line)
    ? readResponse(source, start, firstEnd, line, headers, body)
    : readRequest(source, start, firstEnd, line, headers, body, limits);
};

interface Head {
  /** Behind the blank line. */
  readonly end: number;
  /** The first Content-Length. */
  readonly length: Field | undefined;
}

/** One pass: where each field is, and which header it is. Values stay unread. */
const readFields = (source: Source, from: number, fields: Field[], limits: ParseLimits): Head => {
  const { text, bytes } = source;
  let length: Field | undefined;
  let at = from;
  for (;;) {
    if (at + 2 > text.length) throw unfinished(source, limits);
    if (bytes[at] === CR && bytes[at + 1] === LF) return { end: at + 2, length };
    let nameEnd = at;
    while (TOKEN_BYTE[bytes[nameEnd] ?? 0] === 1) nameEnd += 1;
    let colon = nameEnd;
    while (bytes[colon] === SPACE || bytes[colon] === TAB) colon += 1;
    if (bytes[colon] !== COLON || nameEnd === at) throw noField(source, at);

    let end = lineEnd(source, colon, limits);
    while (bytes[end + 2] === SPACE || bytes[end + 2] === TAB) {
      end = lineEnd(source, end + 2, limits);
    }
    if (fields.length >= limits.headers) {
      throw limit('SIPX_LIMIT_HEADERS', 'too many header fields', limits.headers);
    }
    const id = headerIdAt(bytes, at, nameEnd);
    const field = new Field(id, source, at, end);
    fields.push(field);
    if (id === CONTENT_LENGTH) length ??= field;
    at = end + 2;
  }
};

/**
 * Where the CRLF of the line is. A bare CR or LF is refused: what one peer takes for text and the next for
 * the end of a line can carry a header past the first of them.
 */
const lineEnd = (source: Source, from: number, limits: ParseLimits): number => {
  const { text, bytes } = source;
  const lf = text.indexOf('\n', from);
  if (lf < 0) throw unfinished(source, limits);
  const cr = text.indexOf('\r', from);
  if (cr === lf - 1) return cr;
  throw new ProtocolError('SIPX_PARSE_HEADER', 'a line is not ended by CRLF', {
    expected: 'CR LF',
    got: bytes[lf - 1] === CR ? 'CR alone' : 'LF alone',
  });
};

const readBody = (
  source: Source,
  from: number,
  length: Field | undefined,
  limits: ParseLimits,
): Uint8Array | BodyRange => {
  const { bytes } = source;
  let to = bytes.length;
  if (to === from) return NO_BODY;
  const declared = length?.raw ?? '';
  if (DIGITS.test(declared)) to = Math.min(to, from + Number(declared));
  if (to - from > limits.body) throw limit('SIPX_LIMIT_BODY', 'the body is too long', limits.body);
  return to === from ? NO_BODY : new BodyRange(bytes, from, to);
};

const readResponse = (
  source: Source,
  start: number,
  end: number,
  line: string,
  headers: Headers,
  body: Uint8Array | BodyRange,
): Response => {
  const match = STATUS_LINE.exec(line);
  if (!match) throw noStartLine(line);
  const [prefix, version = '', status] = match;
  const reason = source.read(start + prefix.length, end);
  return new Response(
    { status: Number(status), reason },
    { version: spelledVersion(version), headers, body },
  );
};

const readRequest = (
  source: Source,
  start: number,
  end: number,
  line: string,
  headers: Headers,
  body: Uint8Array | BodyRange,
  limits: ParseLimits,
): Request => {
  const methodEnd = line.indexOf(' ');
  // The URI is all between: one with spaces in it is to be answered (RFC 4475 3.1.2.8), not to be lost.
  const uriEnd = line.endsWith(REQUEST_END) ? line.length - REQUEST_END.length : oddVersion(line);
  if (methodEnd <= 0 || uriEnd <= methodEnd) throw noStartLine(line);
  if (uriEnd - methodEnd - 1 > limits.uri) {
    throw limit('SIPX_LIMIT_URI', 'the Request-URI is too long', limits.uri);
  }
  const method = source.read(start, start + methodEnd);
  const uri = source.read(start + methodEnd + 1, start + uriEnd);
  const version = spelledVersion(line.slice(uriEnd + 1));
  if (LINE_BREAK.test(line)) throw noStartLine(line);
  return new Request({ method, uri }, { version, headers, body });
};

/** Empty lines may come before a message (RFC 3261 7.5). */
const skipLineEnds = (bytes: Uint8Array): number => {
  let at = 0;
  while (bytes[at] === CR && bytes[at + 1] === LF) at += 2;
  return at;
};

/** Where the space before another version than ours is, or one in other letters, or with spaces behind it. */
const oddVersion = (line: string): number => line.search(/ SIP\/\S*[ \t]*$/i);

/** The version has no case, and is sent in capitals (RFC 3261 7.1). */
const spelledVersion = (text: string): string => (text === VERSION ? VERSION : text.toUpperCase());

const unfinished = (source: Source, limits: ParseLimits): ProtocolError =>
  source.text.length < source.bytes.length
    ? limit('SIPX_LIMIT_HEAD', 'the head is too long', limits.head)
    : new ProtocolError('SIPX_PARSE_HEADER', 'the message has no end of its head', {
        expected: 'a blank line',
      });

const noField = (source: Source, at: number): ProtocolError => {
  const end = source.text.indexOf('\r\n', at);
  return new ProtocolError('SIPX_PARSE_HEADER', 'a line is no header field', {
    expected: 'name: value',
    got: shown(source.text.slice(at, end < 0 ? undefined : end)),
  });
};

const noStartLine = (line: string): ProtocolError =>
  new ProtocolError('SIPX_PARSE_START_LINE', 'neither a request line nor a status line', {
    expected: `METHOD uri ${VERSION}, or ${VERSION} status reason`,
    got: shown(line),
  });

const limit = (code: ErrorCode, what: string, bound: number): ProtocolError =>
  new ProtocolError(code, what, { expected: `at most ${bound}` });

const CR = 13;
const LF = 10;
const TAB = 9;
const SPACE = 32;
const COLON = 58;
const REQUEST_END = ` ${VERSION}`;
const STATUS_LINE = /^(SIP\/\d+\.\d+) (\d{3})(?: |$)/i;
const LINE_BREAK = /[\r\n]/;
const DIGITS = /^\d+$/;
