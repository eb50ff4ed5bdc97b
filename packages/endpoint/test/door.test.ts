import { describe, expect, test } from 'vitest';
import { PEER } from '../../../test/support/hosts.ts';
import { peerRequest } from '../../../test/support/peer-messages.ts';
import { Stage } from '../../../test/support/stage.ts';
import { owner } from './test-owner.ts';

describe('what comes in malformed', () => {
  const cases: {
    readonly name: string;
    readonly text: string;
    readonly status?: number;
    readonly drop: 'unparsable' | 'invalid' | 'keepAlive';
  }[] = [
    { name: 'no SIP at all', text: 'GET / HTTP/1.1\r\n\r\n', drop: 'unparsable' },
    {
      name: 'bytes without a line',
      text: '\u0000\u0001\u0002\u0003\u0004\u0005',
      drop: 'unparsable',
    },
    { name: 'a keep-alive', text: '\r\n\r\n', drop: 'keepAlive' },
    {
      name: 'a request without Call-ID',
      text: peerRequest('OPTIONS', { 'Call-ID': undefined }),
      status: 400,
      drop: 'invalid',
    },
    {
      name: 'a CSeq of another method',
      text: peerRequest('OPTIONS', { CSeq: '1 INVITE' }),
      status: 400,
      drop: 'invalid',
    },
    { name: 'a malformed ACK', text: peerRequest('ACK', { CSeq: 'x ACK' }), drop: 'invalid' },
    {
      name: 'a request without Via',
      text: peerRequest('OPTIONS', { Via: undefined }),
      drop: 'unparsable',
    },
  ];

  test.each(cases)('$name', async ({ text, status, drop }) => {
    const stage = new Stage();
    const nobody = owner(() => {});
    stage.endpoint.attach(nobody);
    const peer = await stage.peer();
    await peer.send(text);
    expect(peer.statuses).toEqual(status === undefined ? [] : [status]);
    expect(stage.endpoint.drops[drop]).toBe(1);
    expect(nobody.received).toHaveLength(0);
    expect(stage.endpoint.stateManager.gauges.transactions).toBe(0);
  });
});

describe('the Via of a request that came in (RFC 3261 18.2.1, RFC 3581 4)', () => {
  test('gets received and rport where they were asked for, and the answer goes there', async () => {
    const stage = new Stage();
    stage.endpoint.attach(owner((incoming) => incoming.respond(200)));
    const peer = await stage.peer();
    await peer.send(
      peerRequest('OPTIONS', { Via: 'SIP/2.0/UDP 10.9.8.7:1;branch=z9hG4bKnat;rport' }),
    );
    const [answer] = peer.responses;
    expect(answer?.via.received).toBe(PEER);
    expect(answer?.via.rport).toBe(5060);
  });
});

test('a Route of our own is taken off, others stay', async () => {
  const stage = new Stage();
  const proxy = owner((incoming) => incoming.respond(200));
  stage.endpoint.attach(proxy);
  const peer = await stage.peer();
  await peer.send(
    peerRequest('OPTIONS', { Route: '<sip:192.0.2.1:5060;lr>, <sip:next.example.com;lr>' }),
  );
  expect(proxy.received[0]?.routed).toBe(true);
  expect(proxy.received[0]?.request.headers.raw('Route')).toBe('<sip:next.example.com;lr>');
});
