import { parseURI, type SipURI } from '@sipx/message';
import { Proxy } from '@sipx/server';
import { describe, expect, test } from 'vitest';
import { peerRequest, peerResponse } from '../../../test/support/peer-messages.ts';
import type { RawPeer } from '../../../test/support/raw-peer.ts';
import { ServerStage } from './server-stage.ts';

/** The peer is caller and target at once: what comes back to it was forwarded. */
const stageWithProxy = async (): Promise<{ stage: ServerStage; peer: RawPeer }> => {
  const stage = new ServerStage();
  const target = parseURI('sip:target@192.0.2.2:5060') as SipURI;
  stage.server.use(new Proxy({ target: () => target }));
  return { stage, peer: await stage.peer() };
};

const INVITE = {
  Via: 'SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKcall',
  'Call-ID': 'call',
  Contact: '<sip:peer@192.0.2.2>',
};

describe('a request on its way (RFC 3261 16.6)', () => {
  test('gets its target, one hop less, our Via on top and our Record-Route', async () => {
    const { stage, peer } = await stageWithProxy();
    await stage.ask(peer, 'INVITE', INVITE);
    const [forwarded] = peer.requests;
    expect(String(forwarded?.uri)).toBe('sip:target@192.0.2.2:5060');
    expect(forwarded?.headers.get('Max-Forwards')).toBe(69);
    expect(forwarded?.headers.getAll('Via').map(({ sentBy }) => sentBy)).toEqual([
      '192.0.2.1:5060',
      '192.0.2.2:5060',
    ]);
    expect(forwarded?.headers.rawAll('Record-Route')).toEqual(['<sip:192.0.2.1:5060;lr>']);
    expect(forwarded?.callId).toBe('call');
  });

  test('with no hop left is refused: 483', async () => {
    const { stage, peer } = await stageWithProxy();
    await stage.ask(peer, 'INVITE', { ...INVITE, 'Max-Forwards': '0' });
    expect(peer.statuses).toEqual([483]);
    expect(peer.requests).toEqual([]);
  });
});

describe('responses on their way back (16.7)', () => {
  const respond = async (peer: RawPeer, status: number): Promise<void> => {
    const [invite] = peer.requests;
    if (!invite) throw new Error('nothing was forwarded');
    const text = peerResponse(invite, status);
    await peer.send(
      text.replace(
        /Via: .*\r\n/,
        invite.headers
          .rawAll('Via')
          .map((via) => `Via: ${via}\r\n`)
          .join(''),
      ),
    );
  };

  test('lose our Via; 100 stays here; each 2xx goes on', async () => {
    const { stage, peer } = await stageWithProxy();
    await stage.ask(peer, 'INVITE', INVITE);
    for (const status of [100, 180, 200, 200]) await respond(peer, status);
    const back = peer.responses.filter(({ via }) => via.branch === 'z9hG4bKcall');
    expect(back.map(({ status }) => status)).toEqual([180, 200, 200]);
    expect(back[0]?.headers.getAll('Via')).toHaveLength(1);
  });

  test('a 503 of the target comes back as 500', async () => {
    const { stage, peer } = await stageWithProxy();
    await stage.ask(peer, 'INVITE', INVITE);
    await respond(peer, 503);
    expect(peer.statuses.filter((status) => status >= 300)).toEqual([500]);
  });

  test('none at all is 408 for an INVITE, silence for others (RFC 4320)', async () => {
    const { stage, peer } = await stageWithProxy();
    await stage.ask(peer, 'INVITE', INVITE);
    await stage.ask(peer, 'MESSAGE', { 'Call-ID': 'text' });
    await stage.clock.runFor(32_000);
    const finals = peer.responses.filter(({ status }) => status >= 200);
    expect(finals.map(({ status, cseq }) => `${status} ${cseq.method}`)).toContain('408 INVITE');
    expect(finals.every(({ cseq }) => cseq.method === 'INVITE')).toBe(true);
    await stage.clock.runFor(64_000);
    expect(stage.endpoint.stateManager.gauges.transactions).toBe(0);
  });

  test('a CANCEL is answered here and sent on (16.10)', async () => {
    const { stage, peer } = await stageWithProxy();
    await stage.ask(peer, 'INVITE', INVITE);
    await respond(peer, 180);
    await peer.send(peerRequest('CANCEL', { Via: INVITE.Via, 'Call-ID': 'call' }));
    await stage.settle();
    expect(peer.requests.map(({ method }) => method)).toEqual(['INVITE', 'CANCEL']);
    expect(peer.requests[1]?.via.branch).toBe(peer.requests[0]?.via.branch);
    await respond(peer, 487);
    expect(peer.responses.map(({ status, cseq }) => `${status} ${cseq.method}`)).toContain(
      '487 INVITE',
    );
  });

  test('the ACK for a 2xx follows the route of its dialog, our Route off', async () => {
    const { stage, peer } = await stageWithProxy();
    await stage.ask(peer, 'INVITE', INVITE);
    await respond(peer, 200);
    await peer.send(
      peerRequest(
        'ACK',
        {
          Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKack',
          'Call-ID': 'call',
          To: '<sip:here@example.com>;tag=theirs',
          Route: '<sip:192.0.2.1:5060;lr>',
        },
        'sip:target@192.0.2.2:5060',
      ),
    );
    await stage.settle();
    const ack = peer.requests.at(-1);
    expect(ack?.method).toBe('ACK');
    expect(ack?.headers.has('Route')).toBe(false);
    expect(ack?.headers.get('Max-Forwards')).toBe(69);
  });
});

test('who is to be authenticated gets a stateless 407 and goes on with credentials', async () => {
  const stage = new ServerStage();
  const target = parseURI('sip:target@192.0.2.2:5060') as SipURI;
  const users = { alice: 'secret' };
  stage.server.use(new Proxy({ target: () => target, authenticate: { realm: 'here', users } }));
  const peer = await stage.peer();
  await stage.ask(peer, 'INVITE', INVITE);
  expect(peer.statuses).toEqual([407]);
  expect(stage.endpoint.stateManager.gauges.transactions).toBe(0);
  expect(peer.requests).toEqual([]);
});
