import { UsageError } from '@sipx/contracts';
import { Headers, NameAddr, parseMessage, serialize } from '@sipx/message';
import {
  buildRequest,
  buildResponse,
  recommendedOrder,
  type RequestParts,
} from '@sipx/message/build';
import { validate } from '@sipx/message/validate';
import { describe, expect, it } from 'vitest';

const parts: RequestParts = {
  method: 'INVITE',
  uri: 'sip:b@h',
  via: ['SIP/2.0/UDP one;branch=z9hG4bK1', 'SIP/2.0/UDP two;branch=z9hG4bK0'],
  route: '<sip:relay;lr>',
  from: new NameAddr({ uri: 'sip:a@h', tag: '1' }),
  to: '<sip:b@h>',
  callId: 'c@h',
  cseq: 7,
  contact: '<sip:a@192.0.2.1>',
  contentType: 'text/plain',
  headers: { Subject: 'x', 'Proxy-Require': 'sec-agree', 'Record-Route': '<sip:r;lr>' },
  body: 'hällo',
};

describe('buildRequest', () => {
  it('puts the headers in the recommended order', () => {
    const text = Buffer.from(serialize(buildRequest(parts))).toString();
    expect(text).toBe(
      [
        'INVITE sip:b@h SIP/2.0',
        'Via: SIP/2.0/UDP one;branch=z9hG4bK1',
        'Via: SIP/2.0/UDP two;branch=z9hG4bK0',
        'Route: <sip:relay;lr>',
        'Record-Route: <sip:r;lr>',
        'Proxy-Require: sec-agree',
        'Max-Forwards: 70',
        'From: <sip:a@h>;tag=1',
        'To: <sip:b@h>',
        'Call-ID: c@h',
        'CSeq: 7 INVITE',
        'Contact: <sip:a@192.0.2.1>',
        'Subject: x',
        'Content-Type: text/plain',
        'Content-Length: 6',
        '',
        'hällo',
      ].join('\r\n'),
    );
    expect(validate(parseMessage(Buffer.from(text)), { everyHeader: true })).toEqual([]);
  });

  it('leaves Via to whoever sends', () => {
    const { via: _, ...rest } = parts;
    expect(buildRequest(rest).headers.has('Via')).toBe(false);
  });

  it.each<[string, Partial<RequestParts>]>([
    ['a method of two words', { method: 'IN VITE' }],
    ['a URI without a scheme', { uri: 'b@h' }],
    ['a URI with headers', { uri: 'sip:b@h?a=b' }],
    ['a URI with what has to be escaped', { uri: 'sip:b#@h' }],
    ['a Via without a host', { via: 'SIP/2.0/UDP' }],
    ['a From that is no address', { from: 'alice' }],
    ['a tag that is no token', { from: '<sip:a@h>;tag=a/b' }],
    ['a name that is not quoted', { to: 'Bell, A. <sip:b@h>' }],
    ['a Call-ID of two words', { callId: 'a b' }],
    ['a CSeq below nothing', { cseq: -1 }],
    ['hops that are no number', { maxForwards: 1.5 }],
    ['a header with a line end', { headers: { Subject: 'x\r\nEvil: y' } }],
    ['a header name with a space', { headers: { 'Sub ject': 'x' } }],
    ['a header that is not of its type', { headers: { Date: 'today' } }],
    ['a list with something odd', { headers: { Supported: 'a/b' } }],
    ['From a second time', { headers: { From: '<sip:x@h>' } }],
  ])('refuses %s', (_, changes) => {
    expect(() => buildRequest({ ...parts, ...changes })).toThrow(UsageError);
  });
});

describe('buildResponse', () => {
  const { uri: _, route: __, ...rest } = parts;

  it('is one that can be sent', () => {
    const response = buildResponse({ ...rest, status: 200 });
    expect([response.status, response.reason, String(response.cseq)]).toEqual([
      200,
      'OK',
      '7 INVITE',
    ]);
    expect([...response.headers].map(([name]) => name).slice(0, 4)).toEqual([
      'Via',
      'Via',
      'Record-Route',
      'Proxy-Require',
    ]);
  });

  it.each([99, 700, 200.5])('refuses status %d', (status) => {
    expect(() => buildResponse({ ...rest, status })).toThrow(UsageError);
  });

  it('refuses one without Via', () => {
    const { via: ___, ...without } = rest;
    expect(() => buildResponse({ ...without, status: 200 })).toThrow(UsageError);
  });
});

it('the recommended order keeps that of one name, and of all others', () => {
  const headers = new Headers([
    ['X-B', '1'],
    ['t', '<sip:b>'],
    ['X-A', '2'],
    ['Via', 'SIP/2.0/UDP b'],
    ['l', '0'],
    ['v', 'SIP/2.0/UDP a'],
    ['X-B', '3'],
  ]);
  expect([...recommendedOrder(headers)].map(([name, value]) => `${name}=${value}`)).toEqual([
    'Via=SIP/2.0/UDP b',
    'v=SIP/2.0/UDP a',
    't=<sip:b>',
    'X-B=1',
    'X-A=2',
    'X-B=3',
    'l=0',
  ]);
});
