import { ackFor, StateManager } from '@sipx/fsm';
import { parseMessage, serialize } from '@sipx/message';
import { expect, it } from 'vitest';
import { bytes, request, response } from './messages.ts';

const invite = request({
  uri: 'sip:bob@biloxi.example;transport=udp',
  via: [
    'SIP/2.0/UDP alice.example:5060;branch=z9hG4bK-one;rport',
    'SIP/2.0/TCP inner;branch=z9hG4bK-in',
  ],
  from: '"Alice, of Atlanta" <sip:alice@atlanta.example>;tag=a',
  cseq: 314_159,
  headers: [
    'Route: <sip:p1.example;lr>, <sip:p2.example;lr>',
    'Route: <sip:p3.example;lr>',
    'Contact: <sip:alice@192.0.2.1>',
    'Proxy-Authorization: Digest username="alice", realm="p1", nonce="n", uri="u", response="r"',
  ],
});
const refusal = response(486, { to: '"Bob" <sip:bob@biloxi.example>;tag=b;x=1' });

it('is the INVITE again, as 17.1.1.3 says, with the To of the response', () => {
  const text = new TextDecoder().decode(serialize(ackFor(invite, refusal)));
  expect(text.split('\r\n').filter((line) => !line.startsWith('Content-Length'))).toEqual([
    'ACK sip:bob@biloxi.example;transport=udp SIP/2.0',
    'Via: SIP/2.0/UDP alice.example:5060;branch=z9hG4bK-one;rport',
    'Max-Forwards: 70',
    'From: "Alice, of Atlanta" <sip:alice@atlanta.example>;tag=a',
    'To: "Bob" <sip:bob@biloxi.example>;tag=b;x=1',
    'Call-ID: call-1@alice.example',
    'CSeq: 314159 ACK',
    'Route: <sip:p1.example;lr>, <sip:p2.example;lr>',
    'Route: <sip:p3.example;lr>',
    'Proxy-Authorization: Digest username="alice", realm="p1", nonce="n", uri="u", response="r"',
    '',
    '',
  ]);
});

it('is made once: each repeated refusal sends the same bytes', () => {
  const manager = new StateManager();
  const transaction = manager.createClientTransaction(invite, bytes(''), {
    reliable: false,
    timers: { t1: 500, t2: 4000, t4: 5000 },
  });
  const acks = [1, 2].map(() => {
    const step = manager.step(transaction, { type: 'failure', response: refusal });
    const sent = step?.effects.find((effect) => effect.type === 'send');
    return sent?.bytes ?? bytes('');
  });
  expect(acks[0]).toBe(acks[1]);
  const ack = parseMessage(acks[0] ?? bytes(''));
  // The server finds its INVITE transaction by it.
  const server = new StateManager();
  const answered = server.createServerTransaction(invite, {
    reliable: false,
    timers: { t1: 500, t2: 4000, t4: 5000 },
  });
  expect(ack.type === 'request' && server.findServerTransaction(ack)).toBe(answered);
});
