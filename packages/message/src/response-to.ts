import { SIPXError } from '@sipx/contracts';
import type { Field } from './field.ts';
import { checkText, checkToken } from './grammar.ts';
import { CSEQ, RECORD_ROUTE, TIMESTAMP, TO, VIA } from './header-names.ts';
import { Headers, type HeadersInit } from './headers.ts';
import type { NameAddr } from './name-addr.ts';
import type { Request } from './request.ts';
import { checkStatus, Response } from './response.ts';
import { NO_BODY, VERSION } from './sip-message.ts';
import { reasonPhrase } from './status.ts';

export interface ResponseToOptions {
  readonly reason?: string;
  /** Put on To when it has none and the status is above 100; a token. */
  readonly toTag?: string;
  /** Behind those that the request gives. */
  readonly headers?: HeadersInit;
  readonly body?: string | Uint8Array;
}

/**
 * The response to a request, with what RFC 3261 8.2.6.2 takes over: every Via in order, From, To, Call-ID and
 * CSeq; Timestamp for a 100; Record-Route where the response can make a dialog (12.1.1, 101 to 299).
 * A header that is missing or malformed is no reason to fail: a bad request has to get its 400.
 * @throws UsageError SIPX_USAGE, SIPX_USAGE_HEADER
 */
export const responseTo = (
  request: Request,
  status: number,
  options: ResponseToOptions = {},
): Response => {
  const { reason, toTag, headers: extra, body } = options;
  const routed = status > 100 && status < 300 && DIALOG_METHODS.has(request.method);
  const other = routed ? RECORD_ROUTE : status === 100 ? TIMESTAMP : CSEQ;
  // From Via to CSeq, the first in the table, are From, To and Call-ID.
  const fields = request.headers.select(VIA, CSEQ, other);
  if (toTag !== undefined && status > 100) {
    for (let at = 0; at < fields.length; at += 1) {
      const field = fields[at] as Field;
      if (field.id === TO) fields[at] = tagged(field, toTag);
    }
  }
  const headers = Headers.of(fields);
  if (extra !== undefined) headers.add(extra);
  return new Response(
    {
      status: checkStatus(status),
      reason: reason === undefined ? reasonPhrase(status) : checkText('the reason phrase', reason),
    },
    { version: VERSION, headers, body: body || NO_BODY },
  );
};

const DIALOG_METHODS: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY']);

const tagged = (field: Field, tag: string): Field => {
  checkToken('a tag', tag);
  try {
    const to = field.first() as NameAddr;
    if (to.tag !== undefined) return field;
    return to.isPlain && field.head?.isTidy(field.nth)
      ? field.extended(`;tag=${tag}`)
      : field.changed(`${to.toString()};tag=${tag}`);
  } catch (error) {
    if (!(error instanceof SIPXError)) throw error;
    const { raw } = field;
    return /;\s*tag\s*=/i.test(raw) ? field : field.changed(`${raw};tag=${tag}`);
  }
};
