import { rtp } from '@sipx/media';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { atOnce } from './at-once.ts';
import { LOCALHOST } from './free-port.ts';
import { DOMAIN, Kamailio } from './kamailio.ts';
import { Phone } from './phone.ts';
import { isLacking } from './programs.ts';
import { type Protocol, Sipp } from './sipp.ts';
import { Tally } from './tally.ts';

const CALLS = 100;
const RATE = 50;
const CONCURRENT = 10;

/**
 * Repeats and late messages of one side in all calls together: a busy machine is late by T1 now and then. What is
 * wrong in each call is in all hundred.
 */
const FEW = 10;

/** The route, the protocol between the phone and its next hop, and that of SIPp. */
const ways: readonly [route: 'direct' | 'kamailio', Protocol, Protocol][] = [
  ['direct', 'udp', 'udp'],
  ['direct', 'tcp', 'tcp'],
  ['kamailio', 'udp', 'udp'],
  ['kamailio', 'tcp', 'tcp'],
  // The proxy is in the route set twice, once for each protocol (RFC 5658).
  ['kamailio', 'udp', 'tcp'],
  ['kamailio', 'tcp', 'udp'],
];

describe.skipIf(isLacking('kamailio', 'kamcmd', 'sipp'))('a hundred calls', () => {
  let proxy: Kamailio;
  const open: { phone?: Phone; peer?: Sipp } = {};

  beforeAll(async () => {
    proxy = await Kamailio.start();
  });
  afterEach(async () => {
    await open.phone?.close();
    await open.peer?.stop();
  });
  afterAll(() => proxy?.stop());

  describe.each(ways)('%s, phone by %s, SIPp by %s', (route, protocol, peerProtocol) => {
    const isByProxy = route === 'kamailio';

    const nextHop = (peer: Sipp): number => (isByProxy ? proxy.port : peer.port);

    const startPhone = async (): Promise<Phone> => {
      const phone = await Phone.start({ protocol, ...(isByProxy && { proxy }) });
      open.phone = phone;
      return phone;
    };

    test.each([
      ['SIPp', true],
      ['the phone', false],
    ])('SIPp calls, %s hangs up', async (_, hangsUp) => {
      const phone = await startPhone();
      const tally = new Tally();
      phone.client.on('invite', async (call) => {
        tally.add(call);
        if (!hangsUp) call.once('confirmed', () => void call.bye());
        await call.ring();
        await call.accept({ media: rtp({ address: LOCALHOST }) });
      });
      if (isByProxy) await phone.client.register();

      const peer = await Sipp.caller({
        protocol: peerProtocol,
        calls: CALLS,
        service: 'alice',
        remotePort: isByProxy ? proxy.port : phone.port,
        rate: RATE,
        concurrent: CONCURRENT,
        set: hangsUp ? undefined : 'waits',
      });
      open.peer = peer;

      await expectAllWell(peer);
      await tally.ended();
      const how = hangsUp ? 'remote bye' : 'local bye';
      expect(tally.outcome).toEqual({ calls: CALLS, up: CALLS, ends: { [how]: CALLS } });
      // In the dialog, too: what the proxy asked for by Record-Route.
      expect([...phone.nextHops].filter((port) => port !== nextHop(peer))).toEqual([]);
      expectNothingLeft(phone);
    });

    test('SIPp is called, the phone hangs up', async () => {
      const peer = await Sipp.called({ protocol: peerProtocol, calls: CALLS });
      open.peer = peer;
      const phone = await startPhone();
      const address = `sip:bob@${LOCALHOST}:${peer.port};transport=${peerProtocol}`;
      if (isByProxy) await proxy.bind('bob', address);
      const tally = new Tally();

      await atOnce(CONCURRENT, CALLS, async () => {
        const target = isByProxy ? `sip:bob@${DOMAIN}` : address;
        const call = phone.client.invite(target, { media: rtp({ address: LOCALHOST }) });
        tally.add(call);
        await call.answered();
        await call.bye();
      });

      await expectAllWell(peer);
      expect(tally.outcome).toEqual({ calls: CALLS, up: CALLS, ends: { 'local bye': CALLS } });
      expect(tally.rang).toBe(CALLS);
      expect([...phone.nextHops]).toEqual([nextHop(peer)]);
      expectNothingLeft(phone);
    });
  });
});

async function expectAllWell(peer: Sipp): Promise<void> {
  const { successful, failed, retransmissions, stray, complaints } = await peer.counts();
  expect({ successful, failed }, complaints).toEqual({ successful: CALLS, failed: 0 });
  expect(retransmissions, complaints).toBeLessThanOrEqual(FEW);
  expect(stray, complaints).toBeLessThanOrEqual(FEW);
}

function expectNothingLeft(phone: Phone): void {
  expect(phone.repeated).toBeLessThanOrEqual(FEW);
  expect(phone.leftOver()).toEqual({ transactions: 0, dialogs: 0, calls: 0 });
}
