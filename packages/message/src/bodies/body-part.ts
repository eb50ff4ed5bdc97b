import { utf8 } from '../bytes.ts';
import { Headers, type HeadersInit } from '../headers.ts';
import type { MediaType } from '../media-type.ts';
import { bodyBytes } from '../sip-message.ts';
import type { BodyCarrier, ReadonlyHeaders } from './body.ts';
import { writeHeaderLines } from './header-lines.ts';

export interface BodyPartOptions {
  readonly headers?: HeadersInit;
  readonly content: string | Uint8Array;
}

/** A part of a multipart body (RFC 2046 5.1): headers of its own, and octets. `parseBody(part)` reads it. */
export class BodyPart implements BodyCarrier {
  readonly headers: ReadonlyHeaders;
  /** As it stands there; `parseBody` undoes a Content-Transfer-Encoding. */
  readonly content: Uint8Array;
  /** Multipart bodies around it, as far as it was read from them. */
  readonly depth: number;
  /** With its head, between the boundaries. @internal */
  readonly octets: Uint8Array;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor({ headers, content }: BodyPartOptions, depth = 0, octets?: Uint8Array) {
    // A copy, so that what is changed elsewhere does not change here.
    this.headers = new Headers(headers);
    this.content = bodyBytes(content);
    this.depth = depth;
    this.octets = octets ?? joined(utf8(`${writeHeaderLines(headers ?? [])}\r\n`), this.content);
  }

  /** A part with that body, its Content-Type first. */
  static of(
    body: { readonly mediaType: MediaType | undefined; readonly content: Uint8Array },
    headers: HeadersInit = [],
  ): BodyPart {
    const all = new Headers(headers);
    const own = body.mediaType && new Headers([['Content-Type', body.mediaType], ...all]);
    return new BodyPart({ headers: own ?? all, content: body.content });
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  get mediaType(): MediaType | undefined {
    return this.headers.get('Content-Type');
  }

  /** Without its angle brackets (RFC 2392). */
  get contentId(): string | undefined {
    return this.headers
      .raw('Content-ID')
      ?.replace(/^<(.*)>$/, '$1')
      .trim();
  }

  with({
    headers = [...this.headers],
    content = this.content,
  }: Partial<BodyPartOptions>): BodyPart {
    return new BodyPart({ headers, content }, this.depth);
  }
}

const joined = (head: Uint8Array, content: Uint8Array): Uint8Array => {
  const octets = new Uint8Array(head.length + content.length);
  octets.set(head);
  octets.set(content, head.length);
  return octets;
};
