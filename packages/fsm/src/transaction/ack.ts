import { Headers, Request, type Response } from '@sipx/message';

/** Credentials too: what was accepted for the INVITE has to be accepted for its ACK (22.1). */
const FROM_INVITE: ReadonlySet<string> = new Set([
  ...['via', 'v', 'route', 'max-forwards', 'from', 'f', 'to', 't', 'call-id', 'i', 'cseq'],
  ...['authorization', 'proxy-authorization'],
]);

/**
 * The ACK for a 3xx to 6xx, which goes hop by hop to where the INVITE went (RFC 3261 17.1.1.3): the INVITE's
 * Request-URI, top Via (its branch too), Route, From, Call-ID and CSeq number, and the To of the response.
 */
export const ackFor = (invite: Request, response: Response): Request => {
  const headers = new Headers(invite.headers);
  for (const [name] of invite.headers) {
    if (!FROM_INVITE.has(name.toLowerCase())) headers.delete(name);
  }
  headers
    .set('Via', invite.via)
    .set('Max-Forwards', 70)
    .set('To', response.to)
    .set('CSeq', `${invite.cseq.sequence} ACK`);
  return new Request({ method: 'ACK', uri: invite.uri, headers });
};
