import { Request } from '@sipx/message';

/**
 * The CANCEL for an INVITE as it was sent (RFC 3261 9.1): the same Request-URI, Call-ID, To, From, CSeq number,
 * Route, and its top Via alone, so that it reaches the same hops and matches there.
 */
export const cancelFor = (invite: Request): Request => {
  const { headers } = invite;
  const cancel = new Request({ method: 'CANCEL', uri: invite.uri });
  cancel.headers.set('Via', invite.via);
  cancel.headers.set('Max-Forwards', 70);
  for (const route of headers.rawAll('Route')) cancel.headers.append('Route', route);
  for (const name of ['From', 'To', 'Call-ID'] as const) {
    cancel.headers.set(name, headers.raw(name) ?? '');
  }
  cancel.headers.set('CSeq', `${invite.cseq.sequence} CANCEL`);
  return cancel;
};
