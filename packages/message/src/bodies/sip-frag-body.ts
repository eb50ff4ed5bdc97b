import { fromUtf8, utf8 } from '../bytes.ts';
import { isToken } from '../grammar.ts';
import { Headers, type HeadersInit } from '../headers.ts';
import { MediaType } from '../media-type.ts';
import { bodyBytes, NO_BODY, VERSION } from '../sip-message.ts';
import { reasonPhrase } from '../status.ts';
import type { ReadonlyHeaders } from './body.ts';
import { positions } from './charset.ts';
import { checkBodyLine, notA, notWritable } from './faults.ts';
import { readHeaderLines, writeHeaderLines } from './header-lines.ts';

/** The start line of a fragment: of a response, or of a request. */
export type SipFragStart =
  | { readonly status: number; readonly reason?: string }
  | { readonly method: string; readonly uri: string };

export interface SipFragParts {
  readonly start?: SipFragStart | undefined;
  readonly headers?: HeadersInit;
  /** The body of the fragment. */
  readonly body?: string | Uint8Array;
}

/** A part of a SIP message (RFC 3420), as a NOTIFY tells how a REFER goes (RFC 3515 2.4.4). */
export class SipFragBody {
  readonly type = 'sipfrag';
  readonly mediaType: MediaType = SIPFRAG;
  /** Undefined when the fragment begins with a header. */
  readonly start: SipFragStart | undefined;
  readonly headers: ReadonlyHeaders;
  /** The body of the fragment, which `parseBody({ headers, content: body })` reads; `content` is all of it. */
  readonly body: Uint8Array;
  readonly content: Uint8Array;

  /** @throws UsageError SIPX_USAGE, SIPX_USAGE_HEADER */
  constructor({ start, headers = [], body }: SipFragParts, content?: Uint8Array) {
    this.start = start;
    this.headers = new Headers(headers);
    this.body = bodyBytes(body);
    this.content = content ?? write(start, headers, this.body);
  }

  /** @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY */
  static parse(content: string | Uint8Array): SipFragBody {
    const octets = bodyBytes(content);
    const text = positions(octets);
    const blank = /\r?\n\r?\n/.exec(text);
    const head = fromUtf8(octets.subarray(0, blank?.index ?? octets.length));
    const lineEnd = head.search(/\r?\n/);
    const first = lineEnd < 0 ? head : head.slice(0, lineEnd);
    const start = readStart(first);
    const headers = readHeaderLines('SIP fragment', start ? head.slice(first.length) : head);
    if (!start && headers.size === 0) throw notA('SIP fragment', 'a start line or a header', text);
    const body = blank ? octets.subarray(blank.index + blank[0].length) : NO_BODY;
    return new SipFragBody({ start, headers, body }, octets);
  }

  /** Of a response's fragment; undefined for another. */
  get status(): number | undefined {
    return this.start && 'status' in this.start ? this.start.status : undefined;
  }

  with(changes: SipFragParts): SipFragBody {
    const { start, headers, body } = this;
    return new SipFragBody({ start, headers: [...headers], body, ...changes });
  }

  toString(): string {
    return fromUtf8(this.content);
  }
}

const SIPFRAG = /* @__PURE__ */ new MediaType('message', 'sipfrag', { version: '2.0' });

const readStart = (line: string): SipFragStart | undefined => {
  const response = /^SIP\/2\.0 (\d{3})(?: ([^\r\0]*))?$/i.exec(line);
  if (response) return { status: Number(response[1]), reason: response[2] ?? '' };
  const [, method, uri] = /^([^ :]+) ([^ \r\0]+) SIP\/2\.0$/i.exec(line) ?? [];
  return method && uri && isToken(method) ? { method, uri } : undefined;
};

const write = (
  start: SipFragStart | undefined,
  headers: HeadersInit,
  body: Uint8Array,
): Uint8Array => {
  const lines = writeHeaderLines(headers);
  if (!start && lines === '') throw notWritable('a SIP fragment', 'a start line or a header', '');
  const head = utf8(
    `${start ? `${writeStart(start)}\r\n` : ''}${lines}${body.length > 0 ? '\r\n' : ''}`,
  );
  const content = new Uint8Array(head.length + body.length);
  content.set(head);
  content.set(body, head.length);
  return content;
};

const writeStart = (start: SipFragStart): string => {
  const line =
    'status' in start
      ? `${VERSION} ${start.status} ${start.reason ?? reasonPhrase(start.status)}`
      : `${start.method} ${start.uri} ${VERSION}`;
  if (!readStart(checkBodyLine('a start line', line))) {
    throw notWritable('a start line', 'a status of three digits, or a method and a URI', line);
  }
  return line;
};
