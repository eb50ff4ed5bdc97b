import { EventContext, type EventContextOptions } from '@sipx/handlers';
import { type HeadersInit, Request, Response } from '@sipx/message';
import { ManualClock } from '@sipx/testing';

export const requestOf = (method = 'INVITE', headers: HeadersInit = {}): Request => {
  const request = new Request({
    method,
    uri: 'sip:bob@example.com',
    headers: {
      Via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa',
      From: '<sip:alice@example.com>;tag=1',
      To: '<sip:bob@example.com>',
      'Call-ID': 'call',
      CSeq: `1 ${method}`,
    },
  });
  const given = new Request({ method, uri: 'sip:x', headers });
  for (const [name, value] of given.headers) request.addHeader(name, value);
  return request;
};

export const responseOf = (status: number, headers: HeadersInit = {}): Response =>
  new Response({ status, headers });

export const contextOf = (options: Partial<EventContextOptions> = {}): EventContext =>
  new EventContext({
    request: requestOf(),
    direction: 'out',
    clock: new ManualClock(),
    signal: new AbortController().signal,
    ...options,
  });
