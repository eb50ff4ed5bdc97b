import type { Call } from '@sipx/session';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { atOnce } from './at-once.ts';
import { Desk } from './desk.ts';
import { LOCALHOST } from './free-port.ts';
import { DOMAIN, Kamailio } from './kamailio.ts';
import { Phone } from './phone.ts';
import { isLacking } from './programs.ts';
import { type CallerOptions, type Protocol, Sipp, type SippCounts } from './sipp.ts';
import type { Station, StationOptions } from './station.ts';
import { Tally } from './tally.ts';

const CALLS = 10;

/** Late messages in all calls together, of a busy machine; what is wrong is wrong in each call. */
const FEW = 5;

/** Of the usual proportions, so that 64·T1 is over soon. */
const HASTY = { t1: 30, t2: 240 };

/** A request is not repeated before SIPp has answered it: with -nr it would not know it again. */
const PATIENT = { t1: 2_000 };

const SDP = [
  ...['v=0', `o=alice 1 1 IN IP4 ${LOCALHOST}`, 's=interop', `c=IN IP4 ${LOCALHOST}`, 't=0 0'],
  ...['m=audio 9 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', ''],
].join('\r\n');

const PROTOCOLS = ['udp', 'tcp'] as const;

const CALLED = [
  ['a client', 'udp', Phone],
  ['a client', 'tcp', Phone],
  ['a server', 'udp', Desk],
  ['a server', 'tcp', Desk],
] as const;

let station: Station | undefined;
const peers: Sipp[] = [];

afterEach(async () => {
  await station?.close();
  await Promise.all(peers.splice(0).map((peer) => peer.stop()));
});

describe.skipIf(isLacking('sipp'))('SIPp calls', () => {
  describe.each(CALLED)('%s by %s', (_, protocol, Called) => {
    interface Scenario extends Pick<CallerOptions, 'scenario' | 'repeats' | 'set'> {
      readonly timers?: NonNullable<StationOptions['timers']>;
      /** What is done with the call once it rings: it is answered when not given. */
      readonly take?: (call: Call, called: Station) => Promise<void>;
    }

    /** Lets the scenario run, until all its calls have ended. */
    const play = async (scenario: Scenario): Promise<SippCounts & { tally: Tally }> => {
      const { timers, take = accept, ...options } = scenario;
      const called = await Called.start({ protocol, ...(timers && { timers }) });
      station = called;
      const tally = new Tally();
      called.onCall(async (call) => {
        tally.add(call);
        await call.ring();
        await take(call, called);
      });
      const peer = await Sipp.caller({
        protocol,
        calls: CALLS,
        service: 'alice',
        remotePort: called.port,
        rate: 50,
        concurrent: CALLS,
        ...options,
      });
      peers.push(peer);
      const counts = await expectAllWell(peer);
      await tally.ended();
      expectNothingLeft(called);
      return { ...counts, tally };
    };

    test('and never sends its ACK: the 200 is repeated for 64·T1, then comes a BYE', async () => {
      const { tally, repeats } = await play({
        scenario: 'lost-ack.xml',
        repeats: true,
        timers: HASTY,
      });
      // At 1, 3, 7, 15, 23 … 63 times T1; the last ones when nothing was late.
      expect(repeats / CALLS).toBeGreaterThanOrEqual(8);
      expect(repeats / CALLS).toBeLessThanOrEqual(10);
      expect(tally.outcome).toEqual({
        calls: CALLS,
        up: 0,
        ends: { 'local SIPX_CALL_TIMEOUT': CALLS },
      });
    });

    test('and sends its ACK late: the 200 is repeated until then', async () => {
      const { tally, repeats } = await play({
        scenario: 'lost-ack.xml',
        repeats: true,
        set: 'acks',
        timers: HASTY,
      });
      expect(repeats).toBe(3 * CALLS);
      expect(tally.outcome).toEqual(HUNG_UP);
    });

    test('and sends a lower CSeq: 500, and the call goes on', async () => {
      const { tally } = await play({ scenario: 'lower-cseq.xml' });
      expect(tally.outcome).toEqual(HUNG_UP);
    });

    test('by two paths at once: 482 for the later, one call', async () => {
      const { tally } = await play({
        scenario: 'merged.xml',
        take: async (call, called) => {
          // The 482 has its ACK: SIPp takes one response at a time.
          await called.until(() => called.acknowledged.has(call.callId));
          await accept(call);
        },
      });
      expect(tally.outcome).toEqual(HUNG_UP);
    });

    test('and its CANCEL crosses the 200: the call goes on', async () => {
      const { tally } = await play({ scenario: 'late-cancel.xml' });
      expect(tally.outcome).toEqual(HUNG_UP);
    });

    test('from behind a strict router: that is where the BYE goes', async () => {
      const { tally } = await play({
        scenario: 'strict-router-caller.xml',
        take: async (call) => {
          call.once('confirmed', () => void call.bye());
          await accept(call);
        },
      });
      expect(tally.outcome).toEqual({ calls: CALLS, up: CALLS, ends: { 'local bye': CALLS } });
    });
  });
});

describe.skipIf(isLacking('sipp'))('SIPp is called', () => {
  const start = async (
    protocol: Protocol,
    scenario: string,
    repeats = false,
  ): Promise<{ phone: Phone; peer: Sipp; tally: Tally; call: () => Call }> => {
    const peer = await Sipp.called({ protocol, calls: CALLS, scenario, repeats });
    peers.push(peer);
    const phone = await Phone.start({ protocol, ...(repeats && { timers: PATIENT }) });
    station = phone;
    const tally = new Tally();
    const call = (): Call => {
      const made = phone.client.invite(address(peer, protocol), { body: SDP });
      tally.add(made);
      return made;
    };
    return { phone, peer, tally, call };
  };

  test.each(PROTOCOLS)('and repeats its 200: each has its ACK, by %s', async (protocol) => {
    const { phone, peer, tally, call } = await start(protocol, 'repeated-2xx.xml', true);
    await atOnce(CALLS, CALLS, async () => void (await call().answered()));
    await expectAllWell(peer);
    await tally.ended();
    expect(tally.outcome).toEqual(HUNG_UP);
    expect(phone.repeated).toBe(2 * CALLS);
    expectNothingLeft(phone);
  });

  test.each(PROTOCOLS)('and its 180 comes after its 200, by %s', async (protocol) => {
    const { phone, peer, tally, call } = await start(protocol, 'late-180.xml');
    await atOnce(CALLS, CALLS, async () => void (await call().answered()));
    await expectAllWell(peer);
    await tally.ended();
    expect(tally.outcome).toEqual(HUNG_UP);
    expect(tally.rang).toBe(0);
    expectNothingLeft(phone);
  });

  test.each(PROTOCOLS)('and its 200 crosses the CANCEL: ACK and BYE, by %s', async (protocol) => {
    const { phone, peer, tally, call } = await start(protocol, 'crossing.xml');
    await atOnce(CALLS, CALLS, async () => {
      const cancelled = call();
      cancelled.once('ringing', () => cancelled.cancel());
      await expect(cancelled.answered()).rejects.toMatchObject({ code: 'SIPX_CALL_CANCELLED' });
    });
    await expectAllWell(peer);
    expect(tally.outcome).toEqual({
      calls: CALLS,
      up: 0,
      ends: { 'local SIPX_CALL_CANCELLED': CALLS },
    });
    expectNothingLeft(phone);
  });

  test.each(PROTOCOLS)('behind a strict router: all goes to that, by %s', async (protocol) => {
    const { phone, peer, tally, call } = await start(protocol, 'strict-router-called.xml');
    await atOnce(CALLS, CALLS, async () => {
      const answered = await call().answered();
      await answered.bye();
    });
    await expectAllWell(peer);
    expect(tally.outcome).toEqual({ calls: CALLS, up: CALLS, ends: { 'local bye': CALLS } });
    expect([...phone.nextHops]).toEqual([peer.port]);
    expectNothingLeft(phone);
  });
});

describe.skipIf(isLacking('kamailio', 'kamcmd', 'sipp'))('Kamailio forks to two SIPp', () => {
  let proxy: Kamailio;

  beforeAll(async () => {
    proxy = await Kamailio.start();
  });
  afterAll(() => proxy?.stop());

  test.each(PROTOCOLS)('and both answer: one is the call, by %s', async (protocol) => {
    for (let branch = 0; branch < 2; branch += 1) {
      peers.push(await Sipp.called({ protocol, calls: CALLS, scenario: 'fork.xml' }));
    }
    await proxy.bind('bob', ...peers.map((peer) => address(peer, protocol)));
    const phone = await Phone.start({ protocol, proxy });
    station = phone;
    const tally = new Tally();

    const calls = Array.from({ length: CALLS }, () =>
      phone.client.invite(`sip:bob@${DOMAIN}`, { body: SDP }),
    );
    for (const call of calls) tally.add(call);
    await Promise.all(calls.map((call) => call.answered()));
    await phone.until(() => phone.endedDialogs === CALLS);
    expect({ calls: phone.calls.size, dialogs: phone.dialogs }).toEqual({
      calls: CALLS,
      dialogs: CALLS,
    });

    await Promise.all(calls.map((call) => call.bye()));
    // Each branch of each call got its ACK and its BYE.
    for (const peer of peers) await expectAllWell(peer);
    expect(tally.outcome).toEqual({ calls: CALLS, up: CALLS, ends: { 'local bye': CALLS } });
    expect([...phone.nextHops]).toEqual([proxy.port]);
    expectNothingLeft(phone);
  });
});

/** Each call came up, and SIPp hung up. */
const HUNG_UP = { calls: CALLS, up: CALLS, ends: { 'remote bye': CALLS } };

const accept = (call: Call): Promise<void> => call.accept({ body: SDP });

const address = ({ port }: Sipp, protocol: Protocol): string =>
  `sip:bob@${LOCALHOST}:${port};transport=${protocol}`;

async function expectAllWell(peer: Sipp): Promise<SippCounts> {
  const counts = await peer.counts();
  const { successful, failed, stray, complaints } = counts;
  expect({ successful, failed }, complaints).toEqual({ successful: CALLS, failed: 0 });
  expect(stray, complaints).toBeLessThanOrEqual(FEW);
  return counts;
}

function expectNothingLeft(rest: Station): void {
  expect(rest.leftOver()).toEqual({ transactions: 0, dialogs: 0, calls: 0 });
}
