import type { Request } from '@sipx/message';
import { HERE, PEER } from './hosts.ts';

/** A request of the peer, line by line; `undefined` takes a line out. */
export const peerRequest = (
  method: string,
  changes: Record<string, string | undefined> = {},
  uri: string = `sip:here@${HERE}`,
): string => {
  const lines: Record<string, string | undefined> = {
    Via: `SIP/2.0/UDP ${PEER};branch=z9hG4bKpeer1`,
    'Max-Forwards': '70',
    From: '<sip:peer@example.com>;tag=peertag',
    To: '<sip:here@example.com>',
    'Call-ID': 'call-1',
    CSeq: `1 ${method}`,
    'Content-Length': '0',
    ...changes,
  };
  const headers = Object.entries(lines).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  return `${method} ${uri} SIP/2.0\r\n${headers.join('')}\r\n`;
};

/** A response of the peer to a request that it got. */
export const peerResponse = (
  request: Request,
  status: number,
  changes: Record<string, string> = {},
): string => {
  const { headers } = request;
  const to = headers.raw('To') ?? '';
  const lines = {
    Via: headers.raw('Via'),
    From: headers.raw('From'),
    To: status > 100 && !to.includes('tag=') ? `${to};tag=theirs` : to,
    'Call-ID': headers.raw('Call-ID'),
    CSeq: headers.raw('CSeq'),
    'Content-Length': '0',
    ...changes,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `SIP/2.0 ${status} Said\r\n${text.join('')}\r\n`;
};
