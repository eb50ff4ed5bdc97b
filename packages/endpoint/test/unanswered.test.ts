import { describe, expect, test } from 'vitest';
import { peerRequest } from '../../../test/support/peer-messages.ts';
import { Stage } from '../../../test/support/stage.ts';
import { owner, type TestOwner } from './test-owner.ts';

const stageOf = async (
  receive: Parameters<typeof owner>[0],
  protocol: 'udp' | 'tcp' = 'udp',
  options: ConstructorParameters<typeof Stage>[0] = {},
): Promise<{ stage: Stage; server: TestOwner; peer: Awaited<ReturnType<Stage['peer']>> }> => {
  const stage = new Stage(options);
  const server = owner(receive);
  stage.endpoint.attach(server);
  return { stage, server, peer: await stage.peer(protocol) };
};

const request = (protocol: 'udp' | 'tcp' = 'udp'): string =>
  peerRequest('OPTIONS', { Via: `SIP/2.0/${protocol.toUpperCase()} 192.0.2.2;branch=z9hG4bKone` });

describe('a request that is no INVITE gets its 100 (RFC 4320 4.1)', () => {
  test.each(['udp', 'tcp'] as const)('over %s when timer E is at T2, once', async (protocol) => {
    const { stage, server, peer } = await stageOf(() => {}, protocol);
    await peer.send(request(protocol));
    await stage.clock.runFor(3499);
    expect(peer.statuses).toEqual([]);
    await stage.clock.runFor(1);
    expect(peer.statuses).toEqual([100]);
    await stage.clock.runFor(4000);
    await server.received[0]?.respond(200);
    await stage.clock.runFor(0);
    expect(peer.statuses).toEqual([100, 200]);
  });

  test('by the T1 and T2 of its endpoint, and for what comes again afterwards too', async () => {
    const { stage, peer } = await stageOf(() => {}, 'udp', { timers: { t1: 100, t2: 400 } });
    await peer.send(request());
    await stage.clock.runFor(299);
    await peer.send(request());
    expect(peer.statuses).toEqual([]);
    await stage.clock.runFor(1);
    await peer.send(request());
    expect(peer.statuses).toEqual([100, 100]);
  });

  test('not before over UDP, whatever its owner says, and never a 180', async () => {
    const { stage, peer } = await stageOf(async (incoming) => {
      await incoming.respond(100);
      await incoming.respond(180);
    });
    await peer.send(request());
    await stage.clock.runFor(3499);
    expect(peer.statuses).toEqual([]);
    await stage.clock.runFor(1);
    expect(peer.statuses).toEqual([100]);
  });

  test('at once over TCP when its owner says so', async () => {
    const { stage, peer } = await stageOf((incoming) => incoming.respond(100), 'tcp');
    await peer.send(request('tcp'));
    await stage.clock.runFor(10_000);
    expect(peer.statuses).toEqual([100]);
    await stage.clock.runFor(22_000);
    expect(stage.endpoint.stateManager.gauges).toMatchObject({ transactions: 0, stray: 0 });
  });

  test('none when it is answered', async () => {
    const { stage, peer } = await stageOf((incoming) => incoming.respond(200));
    await peer.send(request());
    expect(stage.endpoint.stateManager.gauges.timers).toBe(1);
    await stage.clock.runFor(10_000);
    expect(peer.statuses).toEqual([200]);
  });
});

describe('a request that is no INVITE and that nobody answers (RFC 4320 4.2)', () => {
  test('ends after 64·T1: its owner hears of it, and no late answer goes out', async () => {
    const { stage, server, peer } = await stageOf(() => {});
    await peer.send(request());
    const [incoming] = server.received;
    await stage.clock.runFor(31_999);
    expect(incoming?.signal.aborted).toBe(false);
    await stage.clock.runFor(1);
    expect(incoming?.signal.aborted).toBe(true);
    await incoming?.respond(200);
    await peer.send(request());
    expect(peer.statuses).toEqual([100]);
    expect(server.received).toHaveLength(1);
    await stage.clock.runFor(32_000);
    expect(stage.endpoint.stateManager.gauges).toMatchObject({
      transactions: 0,
      timers: 0,
      bytesKept: 0,
    });
    expect(stage.clock.pending).toBe(0);
  });

  test('gets no 408', async () => {
    const { stage, peer } = await stageOf((incoming) => incoming.respond(408));
    await peer.send(request());
    await peer.send(request());
    await stage.clock.runFor(64_000);
    expect(peer.statuses).toEqual([]);
    expect(stage.clock.pending).toBe(0);
  });
});
