import { type Connection, type Sink, silentLogger } from '@sipx/contracts';
import { ManualClock, type MemoryHost, MemoryNetwork } from '@sipx/testing';
import { describe, expect, it } from 'vitest';

const ALICE = '192.0.2.1';
const BOB = '192.0.2.2';

describe('a host', () => {
  it('counts its own timers, and none of them fires after a crash', () => {
    const { clock, network } = stage();
    const [alice, bob] = [network.host(ALICE), network.host(BOB)];
    const fired: string[] = [];
    alice.clock.start(10, () => fired.push('first'));
    alice.clock.start(20, () => fired.push('second'));
    alice.clock.start(20, () => fired.push('cancelled')).cancel();
    bob.clock.start(20, () => fired.push('bob'));
    expect([alice.pending, bob.pending]).toEqual([2, 1]);
    clock.advance(10);
    expect(alice.pending).toBe(1);
    alice.crash();
    alice.clock.start(1, () => fired.push('after'));
    expect(alice.pending).toBe(0);
    clock.advance(100);
    expect(fired).toEqual(['first', 'bob']);
    expect(clock.pending).toBe(0);
  });

  it('that crashes neither hears nor sends datagrams; its successor does', async () => {
    const { clock, network } = stage();
    const bob = await listen(network.host(BOB), 'udp');
    const first = network.host(ALICE);
    const before = await listen(first, 'udp');
    first.crash();
    before.send(1, BOB);
    bob.send(2, ALICE);
    await clock.runFor(10);
    expect([before.told, bob.told]).toEqual([['opened'], ['opened']]);
    expect(network.counts.unreachable).toBe(1);

    const after = await listen(network.host(ALICE), 'udp');
    bob.send(3, ALICE);
    before.send(4, BOB);
    await clock.runFor(10);
    expect([before.told, after.told]).toEqual([['opened'], ['opened', 3]]);
    expect(bob.told).toEqual(['opened']);
  });

  it('that crashes ends its streams for their far end alone, and takes no more', async () => {
    const { clock, network } = stage();
    const [alice, bob] = [network.host(ALICE), network.host(BOB)];
    const heard: string[] = [];
    const sink = (who: string): Sink => ({ ...quiet, closed: () => void heard.push(who) });
    const parts = { clock, logger: silentLogger };
    const at = { protocol: 'tcp', host: BOB, port: 5060 } as const;
    await bob.transport('tcp')(parts).listen(at, sink('bob'));
    const transport = alice.transport('tcp')(parts);
    await clock.runUntil(transport.connect(at, {}, sink('alice')));
    bob.crash();
    await clock.runFor(10);
    expect(heard).toEqual(['alice']);
    expect(network.open).toBe(0);
    await expect(clock.runUntil(transport.connect(at, {}, quiet))).rejects.toMatchObject({
      code: 'SIPX_TRANSPORT_CONNECT',
    });
  });
});

const stage = (): { readonly clock: ManualClock; readonly network: MemoryNetwork } => {
  const clock = new ManualClock();
  return { clock, network: new MemoryNetwork({ clock, seed: 1, delay: [1, 1] }) };
};

const quiet: Sink = { opened() {}, data() {}, failed() {}, drained() {}, closed() {} };

/** What a host's socket was told, a datagram as its first byte. */
const listen = async (
  host: MemoryHost,
  protocol: 'udp',
): Promise<{ readonly told: unknown[]; send(n: number, to: string): void }> => {
  const told: unknown[] = [];
  let socket: Connection | undefined;
  const sink: Sink = {
    ...quiet,
    opened: (connection) => {
      socket = connection;
      told.push('opened');
    },
    data: (_, bytes) => told.push(bytes[0]),
    closed: () => told.push('closed'),
  };
  const transport = host.transport(protocol)({ clock: host.clock, logger: silentLogger });
  await transport.listen({ protocol, host: host.address, port: 5060 }, sink);
  await Promise.resolve();
  return {
    told,
    send: (n, to) => socket?.send(Uint8Array.of(n), { protocol, host: to, port: 5060 }),
  };
};
