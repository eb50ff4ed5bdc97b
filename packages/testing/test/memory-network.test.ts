import {
  type Connection,
  type Sink,
  type SIPXError,
  silentLogger,
  type Transport,
  type TransportAddress,
  type TransportProtocol,
} from '@sipx/contracts';
import { ManualClock, MemoryNetwork, type MemoryNetworkOptions } from '@sipx/testing';
import { describe, expect, it } from 'vitest';

const ALICE = '192.0.2.1';
const BOB = '192.0.2.2';

describe('datagrams', () => {
  it('arrive once and in order where there are no faults', async () => {
    const net = await datagrams({});
    for (let i = 0; i < 50; i += 1) net.send(i);
    await net.clock.runFor(0);
    expect(net.received).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(net.network.inFlight).toBe(0);
  });

  const faults = [
    { name: 'loss', options: { loss: 0.2 }, about: { lost: 200, duplicated: 0, reordered: 0 } },
    {
      name: 'doubles',
      options: { duplication: 0.1 },
      about: { lost: 0, duplicated: 100, reordered: 0 },
    },
    {
      name: 'reordering',
      options: { reordering: 0.3 },
      about: { lost: 0, duplicated: 0, reordered: 300 },
    },
  ];
  it.each(faults)('suffer $name about as often as asked', async ({ options, about }) => {
    const net = await datagrams(options);
    for (let i = 0; i < 1000; i += 1) net.send(i % 256);
    await net.clock.runFor(10);
    const { counts } = net.network;
    expect(Math.abs(counts.lost - about.lost)).toBeLessThanOrEqual(about.lost / 4);
    expect(Math.abs(counts.duplicated - about.duplicated)).toBeLessThanOrEqual(
      about.duplicated / 4,
    );
    expect(Math.abs(counts.reordered - about.reordered)).toBeLessThanOrEqual(about.reordered / 4);
    expect(net.received.length).toBe(1000 - counts.lost + counts.duplicated);
    expect(counts.delivered).toBe(net.received.length);
  });

  it('overtake each other when reordered', async () => {
    const net = await datagrams({ reordering: 0.5 });
    for (let i = 0; i < 20; i += 1) net.send(i);
    await net.clock.runFor(10);
    expect(net.received).not.toEqual([...net.received].sort((a, b) => a - b));
    expect([...net.received].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
  });

  it('take as long as the delay says', async () => {
    const net = await datagrams({ delay: [20, 30] });
    net.send(1);
    net.clock.advance(19);
    expect(net.received).toEqual([]);
    expect(net.network.inFlight).toBe(1);
    net.clock.advance(11);
    expect(net.received).toEqual([1]);
  });

  it('suffer the same for the same seed', async () => {
    const run = async (seed: string): Promise<number[]> => {
      const net = await datagrams({ seed, loss: 0.3, duplication: 0.3, delay: [0, 50] });
      for (let i = 0; i < 100; i += 1) net.send(i);
      await net.clock.runFor(60);
      return net.received;
    };
    expect(await run('a')).toEqual(await run('a'));
    expect(await run('a')).not.toEqual(await run('b'));
  });

  it('suffer faults of one direction in that one alone', async () => {
    const net = await datagrams({});
    net.network.setFaults(ALICE, BOB, { loss: 1 });
    net.send(1);
    net.reply(2);
    await net.clock.runFor(0);
    expect([net.received, net.replies]).toEqual([[], [2]]);
  });

  it('are lost in a partition and pass again once it is healed', async () => {
    const net = await datagrams({});
    net.network.partition(ALICE, BOB);
    net.send(1);
    await net.clock.runFor(0);
    net.network.heal(ALICE, BOB);
    net.send(2);
    await net.clock.runFor(0);
    expect(net.received).toEqual([2]);
  });

  it('are the sender’s no longer once sent', async () => {
    const net = await datagrams({});
    const bytes = Uint8Array.of(1);
    net.alice.send(bytes, net.bobAddress);
    bytes[0] = 9;
    await net.clock.runFor(0);
    expect(net.received).toEqual([1]);
  });

  it('without a receiver are counted', async () => {
    const net = await datagrams({});
    net.alice.send(Uint8Array.of(1), { ...net.bobAddress, port: 1 });
    await net.clock.runFor(0);
    expect(net.network.counts.unreachable).toBe(1);
  });
});

describe('streams', () => {
  it('arrive whole and in order, in pieces that are not those sent', async () => {
    const net = await streams({ delay: [1, 40], loss: 0.5, duplication: 0.5, reordering: 0.5 });
    const sent: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const bytes = Uint8Array.from({ length: 5 }, (_, j) => (i + j) % 256);
      sent.push(...bytes);
      net.alice.send(bytes);
    }
    await net.clock.runFor(100);
    expect(net.pieces.flatMap((piece) => [...piece])).toEqual(sent);
    const lengths = net.pieces.map((piece) => piece.length);
    expect(Math.min(...lengths)).toBeLessThan(5);
    expect(Math.max(...lengths)).toBeGreaterThan(5);
    expect(net.network.inFlight).toBe(0);
  });

  it('take as long as the delay says, each piece of them', async () => {
    const net = await streams({ delay: [20, 30] });
    const sentAt = new Map<number, number>();
    for (let i = 0; i < 100; i += 1) {
      sentAt.set(i, net.clock.now());
      net.alice.send(Uint8Array.of(i));
      await net.clock.runFor(1);
    }
    await net.clock.runFor(30);
    const waits = net.arrivals.flatMap(({ bytes, at }) =>
      [...bytes].map((i) => at - (sentAt.get(i) ?? 0)),
    );
    expect(waits.length).toBe(100);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30);
  });

  it('keep the frames of a WebSocket', async () => {
    const net = await streams({ delay: [1, 40] }, 'ws');
    for (let i = 1; i <= 50; i += 1) net.alice.send(new Uint8Array(i));
    await net.clock.runFor(100);
    expect(net.pieces.map((piece) => piece.length)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
  });

  it('wait in a partition and go on once it is healed', async () => {
    const net = await streams({});
    net.network.partition(ALICE, BOB);
    net.alice.send(Uint8Array.of(1));
    await net.clock.runFor(60_000);
    expect(net.pieces).toEqual([]);
    expect(net.network.inFlight).toBe(1);
    net.network.heal();
    expect(net.pieces).toEqual([Uint8Array.of(1)]);
  });

  it('leave nothing behind when they end', async () => {
    const net = await streams({ delay: [5, 10] });
    net.alice.send(Uint8Array.of(1, 2, 3));
    net.alice.close();
    await net.clock.runFor(20);
    // What was sent before the end still arrives.
    expect(net.pieces.flatMap((piece) => [...piece])).toEqual([1, 2, 3]);
    expect(net.closed).toEqual(['alice', 'bob']);
    await net.close();
    expect([net.network.open, net.network.inFlight, net.clock.pending]).toEqual([0, 0, 0]);
  });

  it('connect or time out, never both', async () => {
    const { clock, network, transport } = hosts({ delay: [2500, 2500] }, 'tcp');
    await transport(BOB).listen({ protocol: 'tcp', host: BOB, port: 5060 }, quiet);
    const connecting = transport(ALICE).connect(
      { protocol: 'tcp', host: BOB, port: 5060 },
      {},
      quiet,
    );
    connecting.catch(() => {});
    clock.advance(60_000);
    await expect(connecting).rejects.toMatchObject({ code: 'SIPX_TRANSPORT_TIMEOUT' });
    expect(network.open).toBe(1);
  });
});

const quiet: Sink = {
  opened() {},
  data() {},
  failed() {},
  drained() {},
  closed() {},
};

const hosts = (
  options: Partial<MemoryNetworkOptions>,
  protocol: TransportProtocol,
): { clock: ManualClock; network: MemoryNetwork; transport: (host: string) => Transport } => {
  const clock = new ManualClock();
  const network = new MemoryNetwork({ clock, seed: 1, ...options });
  const transport = (host: string): Transport =>
    network.transport({ host, protocol })({ clock, logger: silentLogger });
  return { clock, network, transport };
};

const datagrams = async (options: Partial<MemoryNetworkOptions>) => {
  const { clock, network, transport } = hosts(options, 'udp');
  const received: number[] = [];
  const replies: number[] = [];
  const listening = async (
    host: string,
    into: number[],
  ): Promise<{ socket: Connection; address: TransportAddress }> => {
    const opened: Connection[] = [];
    const sink: Sink = {
      ...quiet,
      opened: (connection) => opened.push(connection),
      data: (_, bytes) => into.push(bytes[0] ?? -1),
    };
    const { address } = await transport(host).listen({ protocol: 'udp', host, port: 5060 }, sink);
    await Promise.resolve();
    const [socket] = opened;
    if (!socket) return expect.fail('the socket did not open');
    return { socket, address };
  };
  const alice = await listening(ALICE, replies);
  const bob = await listening(BOB, received);
  return {
    clock,
    network,
    received,
    replies,
    alice: alice.socket,
    bobAddress: bob.address,
    send: (n: number) => alice.socket.send(Uint8Array.of(n), bob.address),
    reply: (n: number) => bob.socket.send(Uint8Array.of(n), alice.address),
  };
};

const streams = async (
  options: Partial<MemoryNetworkOptions>,
  protocol: TransportProtocol = 'tcp',
) => {
  const { clock, network, transport } = hosts(options, protocol);
  const pieces: Uint8Array[] = [];
  const arrivals: { bytes: Uint8Array; at: number }[] = [];
  const closed: string[] = [];
  const errors: SIPXError[] = [];
  const heard = (name: string): Sink => ({
    ...quiet,
    data: (_, bytes) => {
      pieces.push(bytes);
      arrivals.push({ bytes, at: clock.now() });
    },
    closed: (_, error) => {
      closed.push(name);
      if (error) errors.push(error);
    },
  });
  const listener = await transport(BOB).listen({ protocol, host: BOB, port: 0 }, heard('bob'));
  const alice = await clock.runUntil(
    transport(ALICE).connect(listener.address, {}, heard('alice')),
  );
  return { clock, network, pieces, arrivals, closed, errors, alice, close: () => listener.close() };
};
