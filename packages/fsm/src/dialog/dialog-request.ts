import { Headers, type HeadersInit, type Method, Request } from '@sipx/message';
import type { Dialog } from './dialog.ts';
import { routed } from './route-set.ts';

export interface DialogRequestOptions {
  /** Added to what the dialog itself says, which they cannot change. */
  readonly headers?: HeadersInit;
  readonly body?: string | Uint8Array;
}

/**
 * The next request of this side (12.2.1.1): the peer's address and tag, the route set, and a CSeq one higher.
 * It has no Via and no Contact yet. Keep the dialog that comes with it.
 */
export const dialogRequest = (
  dialog: Dialog,
  method: Method,
  options: DialogRequestOptions = {},
): { dialog: Dialog; request: Request } => {
  const localCSeq = dialog.localCSeq + 1;
  return {
    dialog: { ...dialog, localCSeq },
    request: inDialog(dialog, method, localCSeq, options),
  };
};

/**
 * The ACK for a 2xx (13.2.2.4): a request of the dialog with the INVITE's CSeq number and credentials. It is
 * sent again, the same, for each repetition of that 2xx, and belongs to no transaction.
 * @param invite the one that was answered
 */
export const ackForSuccess = (
  dialog: Dialog,
  invite: Request,
  options: DialogRequestOptions = {},
): Request => {
  const ack = inDialog(dialog, 'ACK', invite.cseq.sequence, options);
  for (const name of CREDENTIALS) {
    if (ack.headers.has(name)) continue;
    for (const value of invite.headers.rawAll(name)) ack.addHeader(name, value);
  }
  return ack;
};

/** 22.1: an ACK cannot be challenged, so it shows what the INVITE showed. */
const CREDENTIALS = ['Authorization', 'Proxy-Authorization'] as const;

/** What the dialog alone decides. */
const OWN: ReadonlySet<string> = new Set(['route', 'from', 'to', 'call-id', 'cseq', 'f', 't', 'i']);

const inDialog = (
  dialog: Dialog,
  method: Method,
  sequence: number,
  { headers, body }: DialogRequestOptions,
): Request => {
  const { uri, route } = routed(dialog);
  const given = new Headers(headers);
  const request = new Request({ method, uri, ...(body === undefined ? {} : { body }) });
  for (const value of route) request.addHeader('Route', value);
  if (!given.has('Max-Forwards')) request.addHeader('Max-Forwards', 70);
  request
    .addHeader('From', dialog.local)
    .addHeader('To', dialog.remote)
    .addHeader('Call-ID', dialog.id.callId)
    .addHeader('CSeq', `${sequence} ${method}`);
  for (const [name, value] of given) {
    if (!OWN.has(name.toLowerCase())) request.addHeader(name, value);
  }
  return request;
};
