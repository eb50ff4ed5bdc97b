import { connect, createServer, type Server, type Socket } from 'node:net';
import {
  type Connection,
  type Listener,
  type Logger,
  silentLogger,
  type TransportAddress,
  type TransportConfig,
} from '@sipx/contracts';
import { ManualClock } from '@sipx/testing';
import { Recorder } from '@sipx/testing/conformance';
import { tcp } from '@sipx/transport-tcp';
import { afterEach, describe, expect, it } from 'vitest';

const closers: (() => unknown)[] = [];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const setUp = (config: TransportConfig = {}, logger: Logger = silentLogger) => {
  const clock = new ManualClock();
  return { clock, transport: tcp(config)({ clock, logger }), sink: new Recorder() };
};

const listen = async (host: string, config: TransportConfig = {}, logger?: Logger) => {
  const bench = setUp(config, logger);
  const listener: Listener = await bench.transport.listen(
    { protocol: 'tcp', host, port: 0 },
    bench.sink,
  );
  closers.push(() => listener.close());
  return { ...bench, listener };
};

/** A server that does what the test says, and a connection to it. */
const against = async (serve: (socket: Socket) => void, config: TransportConfig = {}) => {
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => {
    closers.push(() => socket.destroy());
    socket.on('error', () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const address = server.address();
  if (!address || typeof address === 'string') return expect.fail('no port');
  const bench = setUp(config);
  const to: TransportAddress = { protocol: 'tcp', host: '127.0.0.1', port: address.port };
  const connection: Connection = await bench.transport.connect(to, {}, bench.sink);
  closers.push(() => connection.close());
  return { ...bench, connection };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('TCP', () => {
  it('shows IPv4 peers of a listener on :: as IPv4', async () => {
    const { listener, sink } = await listen('::');
    const client = connect(listener.address.port, '127.0.0.1');
    closers.push(() => client.destroy());
    const { connection } = await sink.until('opened');
    expect(connection.remote?.host).toBe('127.0.0.1');
    expect(connection.local).toEqual({ ...listener.address, host: '127.0.0.1' });
  });

  it('joins what is sent in one turn', async () => {
    const { connection: client, sink } = await against((socket) => socket.pipe(socket).resume());
    for (let i = 0; i < 100; i += 1) client.send(bytes('0123456789'));
    await sink.until('data');
    expect(sink.all('data').map(({ bytes: { length } }) => length)).toEqual([1000]);
  });

  it('offers the system what a long turn sends before it counts it as waiting', async () => {
    const { connection, sink } = await against((socket) => socket.pipe(socket).resume(), {
      maxBacklog: 100_000,
    });
    for (let i = 0; i < 16; i += 1) connection.send(new Uint8Array(10_000));
    while (sink.size < 160_000 && sink.all('closed').length === 0) await sink.next();
    expect(sink.all('closed')).toEqual([]);
  });

  it('tells of a connection that the peer reset', async () => {
    const { connection, sink } = await against((socket) => {
      socket.once('data', () => socket.resetAndDestroy()).resume();
    });
    connection.send(bytes('hello'));
    const { error } = await sink.until('closed');
    expect(error?.code).toBe('SIPX_TRANSPORT_CLOSED');
    expect(error?.cause).toMatchObject({ code: 'ECONNRESET' });
  });

  it('takes the end of the peer’s sending as an orderly end', async () => {
    const { sink } = await against((socket) => socket.end('goodbye'));
    const { error } = await sink.until('closed');
    expect(error).toBeUndefined();
    expect(sink.received).toEqual(bytes('goodbye'));
  });

  it('sends all that waits before it closes, however much', async () => {
    let size = 0;
    const ended = new Promise<void>((resolve) => {
      void against(
        (socket) => {
          socket.on('data', ({ length }) => {
            size += length;
          });
          socket.once('end', () => resolve());
          socket.resume();
        },
        { maxBacklog: 100_000_000 },
      ).then(({ connection }) => {
        connection.send(new Uint8Array(20_000_000));
        connection.close();
      });
    });
    await ended;
    expect(size).toBe(20_000_000);
  });

  // Other systems give the loopback interface one address.
  it.skipIf(process.platform !== 'linux')('sends from the address of a listener', async () => {
    const { listener: from, transport } = await listen('127.0.0.2');
    const { listener, sink } = await listen('127.0.0.1');
    const connection = await transport.connect(listener.address, { from }, new Recorder());
    closers.push(() => connection.close());
    const { connection: accepted } = await sink.until('opened');
    expect(accepted.remote?.host).toBe('127.0.0.2');
    expect(connection.local).toEqual(accepted.remote);
  });

  it('does not wait for ever, closing, for a peer that takes nothing', async () => {
    const { connection, sink, clock } = await against((socket) => socket.pause(), {
      connectTimeout: 5000,
      maxBacklog: 100_000_000,
    });
    // More than the system's buffers on both sides.
    connection.send(new Uint8Array(50_000_000));
    connection.close();
    clock.advance(4999);
    await turn();
    expect(sink.all('closed')).toEqual([]);
    clock.advance(1);
    await sink.until('closed');
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer and no listener of a signal behind', async () => {
    const { listener, transport, clock, sink } = await listen('127.0.0.1');
    const controller = new AbortController();
    const { signal } = controller;
    const connection = await transport.connect(listener.address, { signal }, new Recorder());
    expect(clock.pending).toBe(0);
    controller.abort();
    connection.send(bytes('still here'));
    await sink.until('data');
    connection.close();
  });

  it('logs what it drops over maxConnections', async () => {
    const lines: object[] = [];
    const logger: Logger = { ...silentLogger, warn: (facts) => lines.push(facts) };
    const { listener } = await listen('127.0.0.1', { maxConnections: 1 }, logger);
    const dropped = [1, 2].map(
      () =>
        new Promise<void>((resolve) => {
          const client = connect(listener.address.port, '127.0.0.1', () => {});
          closers.push(() => client.destroy());
          client.on('error', () => {}).once('close', () => resolve());
        }),
    );
    await Promise.race(dropped);
    expect(lines).toMatchObject([{ code: 'SIPX_LIMIT_CONNECTIONS', maxConnections: 1 }]);
  });
});
