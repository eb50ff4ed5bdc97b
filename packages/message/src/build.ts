import { ProtocolError, UsageError } from '@sipx/contracts';
// Through the entry: so the build leaves the core in one piece, whose constants V8 can take for such.
import { CSeq, type HeaderInput, Headers, type HeadersInit, Request, Response } from './index.ts';
import { headerId } from './header-names.ts';
import { refuse } from './leniencies.ts';
import type { Message } from './message.ts';
import type { NameAddr } from './name-addr.ts';
import type { Method } from './sip-message.ts';
import { STRICT } from './strict.ts';
import type { URI } from './uri.ts';
import { validate } from './validate.ts';
import type { Via } from './via.ts';

/** What requests and responses are built from. Text is read by the grammar of its header. */
export interface MessageParts {
  /** The top one first; may be left to whoever sends a request. */
  readonly via?: Via | string | readonly (Via | string)[];
  readonly from: NameAddr | string;
  readonly to: NameAddr | string;
  readonly callId: string;
  /** The number. */
  readonly cseq: number;
  readonly contact?: NameAddr | string | readonly (NameAddr | string)[];
  readonly contentType?: string;
  /** Any others, in their order. */
  readonly headers?: HeadersInit;
  /** Text is written as UTF-8. */
  readonly body?: string | Uint8Array;
}

export interface RequestParts extends MessageParts {
  readonly method: Method;
  readonly uri: string | URI;
  /** 70 when not given. */
  readonly maxForwards?: number;
  readonly route?: NameAddr | string | readonly (NameAddr | string)[];
}

export interface ResponseParts extends MessageParts {
  readonly status: number;
  /** Of the request. */
  readonly method: Method;
  readonly reason?: string;
}

/**
 * A request of which every header is grammatical and each mandatory one there once, its headers in
 * `recommendedOrder`.
 * @throws UsageError SIPX_USAGE_HEADER, SIPX_PARSE_URI; it names the header, what was expected and what was given
 */
export const buildRequest = (parts: RequestParts): Request => {
  const { method, uri, body, maxForwards = 70, route } = parts;
  const headers = headersOf(parts, { Route: route, 'Max-Forwards': maxForwards });
  return checked(new Request({ method, uri, headers, ...(body !== undefined && { body }) }));
};

/** As `buildRequest`. The response to a request that came in is `responseTo`. */
export const buildResponse = (parts: ResponseParts): Response => {
  const { status, reason, body } = parts;
  const headers = headersOf(parts, {});
  return checked(
    new Response({
      status,
      headers,
      ...(reason !== undefined && { reason }),
      ...(body !== undefined && { body }),
    }),
  );
};

/**
 * What proxies read first (RFC 3261 7.3.1), then what names the transaction and the dialog, then all others as
 * they stand, then what describes the body. Fields of one name keep their order.
 */
export const recommendedOrder = (headers: Headers): Headers => {
  const ranked = headers.fields.map((field) => ({ field, rank: ORDER.indexOf(field.id) }));
  ranked.sort((a, b) => (a.rank < 0 ? OTHERS : a.rank) - (b.rank < 0 ? OTHERS : b.rank));
  return Headers.of(ranked.map(({ field }) => field));
};

const FIRST =
  'Via,Route,Record-Route,Proxy-Require,Max-Forwards,Proxy-Authorization,From,To,Call-ID,CSeq,Contact';
const LAST = 'Content-Disposition,Content-Encoding,Content-Language,Content-Type,Content-Length';
const OTHERS = FIRST.split(',').length - 0.5;
const ORDER = `${FIRST},${LAST}`.split(',').map(headerId);

type Given = HeaderInput | readonly HeaderInput[] | undefined;

const headersOf = (parts: RequestParts | ResponseParts, more: Record<string, Given>): Headers => {
  const { via, from, to, callId, cseq, method, contact, contentType, headers } = parts;
  const usual: Record<string, Given> = {
    Via: via,
    ...more,
    From: from,
    To: to,
    'Call-ID': callId,
    CSeq: new CSeq(cseq, method),
    Contact: contact,
    'Content-Type': contentType,
  };
  const all = new Headers(usual);
  all.fields.push(...new Headers(headers).fields);
  return recommendedOrder(all);
};

const checked = <Built extends Message>(message: Built): Built => {
  if (message.type === 'request') checkURI(message.uri);
  const fault = validate(message, { everyHeader: true }).find(
    ({ header, got }) => !(header === 'Via' && got === 'none' && message.type === 'request'),
  );
  if (!fault) return message;
  const { header = 'the start line', expected, got } = fault;
  throw new UsageError('SIPX_USAGE_HEADER', `${header} is not grammatical`, { expected, got });
};

const checkURI = (uri: URI): void => {
  try {
    refuse(uri, 'Request-URI', STRICT);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    const { expected = '', got = '' } = cause;
    throw new UsageError('SIPX_PARSE_URI', 'the Request-URI is not grammatical', { expected, got });
  }
};
