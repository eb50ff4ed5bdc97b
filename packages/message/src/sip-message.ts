import { ProtocolError } from '@sipx/contracts';
import { utf8 } from './bytes.ts';
import type { CSeq } from './cseq.ts';
import { CALL_ID, CONTACT, CSEQ, FROM, HEADERS, TO, VIA } from './header-names.ts';
import { Head } from './head.ts';
import { type HeaderInput, Headers, type HeadersInit } from './headers.ts';
import type { NameAddr } from './name-addr.ts';
import type { Via } from './via.ts';

/** Case-sensitive (RFC 3261 7.1). */
export type Method =
  | 'INVITE'
  | 'ACK'
  | 'BYE'
  | 'CANCEL'
  | 'REGISTER'
  | 'OPTIONS'
  | 'PRACK'
  | 'UPDATE'
  | 'INFO'
  | 'SUBSCRIBE'
  | 'NOTIFY'
  | 'REFER'
  | 'MESSAGE'
  | 'PUBLISH'
  | (string & {});

/** What requests and responses share (RFC 3261 7). */
export abstract class SIPMessage {
  abstract get type(): 'request' | 'response';
  /** 'SIP/2.0', unless a peer said something else. */
  readonly version: string;
  readonly headers: Headers;
  /** The text that was given, or the whole message that was parsed, until somebody asks for the bytes. */
  private body: Uint8Array | string | Head;

  constructor(
    headers: HeadersInit | undefined,
    body: string | Uint8Array | undefined,
    parsed?: Parsed,
  ) {
    this.version = parsed?.version ?? VERSION;
    this.headers = parsed?.headers ?? new Headers(headers);
    this.body = parsed?.body ?? (body || NO_BODY);
  }

  /** The body's bytes; empty when there is none. The octets of a parsed message, not a copy. */
  get content(): Uint8Array {
    const { body } = this;
    if (body instanceof Uint8Array) return body;
    this.body = typeof body === 'string' ? utf8(body) : body.body();
    return this.body;
  }

  set content(bytes: Uint8Array) {
    this.body = bytes;
  }

  /** As `content`, or the text that was given. @internal */
  get given(): Uint8Array | string {
    return typeof this.body === 'string' ? this.body : this.content;
  }

  /** The top one, as `headers.get('Via')`. @throws ProtocolError SIPX_PARSE_HEADER, as the next four, also when absent */
  get via(): Via {
    return this.mandatory(VIA) as Via;
  }

  get from(): NameAddr {
    return this.mandatory(FROM) as NameAddr;
  }

  get to(): NameAddr {
    return this.mandatory(TO) as NameAddr;
  }

  get callId(): string {
    return this.mandatory(CALL_ID) as string;
  }

  get cseq(): CSeq {
    return this.mandatory(CSEQ) as CSeq;
  }

  /** The first one. @throws ProtocolError SIPX_PARSE_HEADER when malformed */
  get contact(): NameAddr | undefined {
    return this.headers.first(CONTACT) as NameAddr | undefined;
  }

  /** A field behind the others. @throws UsageError SIPX_USAGE_HEADER */
  addHeader(name: string, value: HeaderInput): this {
    this.headers.append(name, value);
    return this;
  }

  private mandatory(id: number): unknown {
    const value = this.headers.first(id);
    if (value !== undefined) return value;
    throw new ProtocolError('SIPX_PARSE_HEADER', `no ${HEADERS[id]?.name}`, { got: 'none' });
  }
}

export const VERSION = 'SIP/2.0';

/** What is known to be well, or left to be found out later. */
export interface Parsed {
  readonly version: string;
  readonly headers: Headers;
  readonly body: Uint8Array | string | Head;
  /** Where a request's URI is read from. */
  readonly head?: Head;
}

export const NO_BODY: Uint8Array = new Uint8Array(0);

export const bodyBytes = (body: string | Uint8Array | undefined): Uint8Array => {
  if (body === undefined || body.length === 0) return NO_BODY;
  return typeof body === 'string' ? utf8(body) : body;
};
