import { createSocket } from 'node:dgram';
import {
  type Connection,
  type Listener,
  type Logger,
  silentLogger,
  type TransportAddress,
} from '@sipx/contracts';
import { ManualClock } from '@sipx/testing';
import { Recorder } from '@sipx/testing/conformance';
import { udp } from '@sipx/transport-udp';
import { afterEach, describe, expect, it } from 'vitest';

const clock = new ManualClock();
const opened: (Listener | Connection)[] = [];
const loopback = (host: string): TransportAddress => ({ protocol: 'udp', host, port: 0 });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const listen = async (host: string, logger: Logger = silentLogger) => {
  const transport = udp()({ clock, logger });
  const sink = new Recorder();
  const listener = await transport.listen(loopback(host), sink);
  opened.push(listener);
  const { connection } = await sink.until('opened');
  return { transport, sink, listener, connection };
};

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

describe('a socket on ::', () => {
  it('shows and reaches IPv4 peers as IPv4', async () => {
    const both = await listen('::');
    const four = await listen('127.0.0.1');
    const { port } = both.listener.address;
    four.connection.send(bytes('hello'), { ...four.listener.address, port });
    const { from, connection } = await both.sink.until('data');
    expect(from).toEqual(four.listener.address);
    connection.send(bytes('and back'), from);
    await four.sink.until('data');
    expect(four.sink.received).toEqual(bytes('and back'));
  });

  it('has a view whose local address is of the peer’s family', async () => {
    const both = await listen('::');
    for (const host of ['127.0.0.1', '::1']) {
      const view = await both.transport.connect(
        { protocol: 'udp', host, port: 9 },
        { from: both.listener },
        new Recorder(),
      );
      expect(view.local).toEqual({ ...both.listener.address, host });
    }
  });
});

describe('failures', () => {
  it('of an IPv4 socket towards IPv6 come at connect', async () => {
    const { transport, listener } = await listen('127.0.0.1');
    const connecting = transport.connect(
      { protocol: 'udp', host: '::1', port: 9 },
      { from: listener },
      new Recorder(),
    );
    await expect(connecting).rejects.toMatchObject({ code: 'SIPX_TRANSPORT_CONNECT' });
  });

  const targets = [
    { name: 'port 0', to: { host: '127.0.0.1', port: 0 } },
    { name: 'another family', to: { host: '::1', port: 9 } },
    { name: 'a name', to: { host: 'name.example', port: 9 } },
    { name: 'broadcast without permission', to: { host: '255.255.255.255', port: 9 } },
  ];
  it.each(targets)('of a datagram to $name come to the sink, later', async ({ to }) => {
    const { sink, connection } = await listen('127.0.0.1');
    const target: TransportAddress = { protocol: 'udp', ...to };
    connection.send(bytes('hello'), target);
    expect(sink.all('failed')).toEqual([]);
    const failed = await sink.until('failed');
    expect(failed).toMatchObject({
      connection,
      to: target,
      error: { code: 'SIPX_TRANSPORT_SEND' },
    });
    // The socket lives on.
    connection.send(bytes('to myself'), connection.local);
    await sink.until('data');
  });

  it('that ICMP tells come to the sink of a connected socket', async () => {
    const gone = createSocket('udp4');
    await new Promise<void>((resolve) => gone.bind(0, '127.0.0.1', resolve));
    const { port } = gone.address();
    await new Promise<void>((resolve) => gone.close(resolve));
    const transport = udp()({ clock, logger: silentLogger });
    const sink = new Recorder();
    const to: TransportAddress = { protocol: 'udp', host: '127.0.0.1', port };
    const connection = await transport.connect(to, {}, sink);
    opened.push({ address: to, close: async () => connection.close() });
    connection.send(bytes('anybody there?'));
    const { error } = await sink.until('failed');
    expect(error).toMatchObject({ code: 'SIPX_TRANSPORT_SEND', got: 'ECONNREFUSED' });
  });
});

describe('the backlog', () => {
  it('drops and tells of what is over its bound, and keeps the socket', async () => {
    const transport = udp({ maxBacklog: 10 })({ clock, logger: silentLogger });
    const sink = new Recorder();
    opened.push(await transport.listen(loopback('127.0.0.1'), sink));
    const { connection } = await sink.until('opened');
    expect(connection.send(new Uint8Array(11), connection.local)).toBe(false);
    expect((await sink.until('failed')).error.code).toBe('SIPX_LIMIT_BACKLOG');
    connection.send(new Uint8Array(10), connection.local);
    expect((await sink.until('data')).bytes.length).toBe(10);
    expect(sink.all('closed')).toEqual([]);
  });
});

describe('socket buffers', () => {
  it('are asked for, and what was granted is logged', async () => {
    const lines: object[] = [];
    const logger: Logger = { ...silentLogger, debug: (facts) => lines.push(facts) };
    await listen('127.0.0.1', logger);
    expect(lines).toEqual([
      {
        receiveBuffer: 4_194_304,
        grantedReceive: expect.any(Number),
        sendBuffer: 4_194_304,
        grantedSend: expect.any(Number),
      },
    ]);
  });

  it('are as large as asked, where the system grants it', async () => {
    const lines: object[] = [];
    const logger: Logger = { ...silentLogger, debug: (facts) => lines.push(facts) };
    const options = { receiveBuffer: 20_000, sendBuffer: 30_000 };
    const sink = new Recorder();
    opened.push(await udp(options)({ clock, logger }).listen(loopback('127.0.0.1'), sink));
    const [granted] = lines;
    // Linux grants twice as much, for its own bookkeeping.
    expect([20_000, 40_000]).toContain(
      granted && 'grantedReceive' in granted && granted.grantedReceive,
    );
    expect([30_000, 60_000]).toContain(granted && 'grantedSend' in granted && granted.grantedSend);
  });
});
