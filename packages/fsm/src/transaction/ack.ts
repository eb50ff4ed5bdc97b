import { Request, type Response } from '@sipx/message';

/** 22.1: what was accepted for the INVITE has to be accepted for its ACK. */
const CREDENTIALS = ['Authorization', 'Proxy-Authorization'] as const;

/**
 * The ACK for a 3xx to 6xx, which goes hop by hop to where the INVITE went (RFC 3261 17.1.1.3): the INVITE's
 * Request-URI, top Via (its branch too), Route, From, Call-ID and CSeq number, and the To of the response.
 */
export const ackFor = (invite: Request, response: Response): Request => {
  const { headers } = invite;
  const ack = new Request({ method: 'ACK', uri: invite.uri }).addHeader('Via', invite.via);
  const copy = (name: string): void => {
    for (const value of headers.rawAll(name)) ack.addHeader(name, value);
  };
  copy('Route');
  ack.addHeader('Max-Forwards', 70);
  copy('From');
  ack.addHeader('To', response.headers.raw('To') ?? invite.to);
  copy('Call-ID');
  ack.addHeader('CSeq', `${invite.cseq.sequence} ACK`);
  CREDENTIALS.forEach(copy);
  return ack;
};
