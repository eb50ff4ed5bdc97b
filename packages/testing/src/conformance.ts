import {
  type Connection,
  type Listener,
  silentLogger,
  type Transport,
  type TransportAddress,
  type TransportConfig,
  type TransportFactory,
} from '@sipx/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';
import { type News, type NewsOf, Recorder } from './recorder.ts';

export { type News, type NewsOf, Recorder } from './recorder.ts';

export interface ConformanceOptions {
  /** Shown in the report, such as 'udp, IPv6'. */
  readonly name: string;
  /** A factory that has seen no other test. On a socket's clock, time stands still unless a case moves it. */
  create(context: {
    readonly clock: ManualClock;
    readonly config: TransportConfig;
  }): TransportFactory;
  /** Where to bind: a loopback address. */
  readonly host: string;
  /** The network moves by the clock, so the suite has to move it. */
  readonly simulated?: boolean;
  /** The titles of cases that do not apply, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What every transport has to hold to, whatever its socket: the contract of `Transport`, case by case. */
export const transportConformance = (options: ConformanceOptions): void => {
  const { name, create, host, simulated = false, skip = {} } = options;
  const { protocol } = create({ clock: new ManualClock(), config: {} });
  const isReliable = protocol !== 'udp';
  const isIPv6 = host.includes(':');
  const wildcard = isIPv6 ? '::' : '0.0.0.0';
  const here = (port = 0): TransportAddress => ({ protocol, host, port });
  const open: (() => unknown)[] = [];

  const setUp = (config: TransportConfig = {}): Bench => {
    const clock = new ManualClock();
    const transport = create({ clock, config })({ clock, logger: silentLogger });
    const turn = simulated ? () => clock.runFor(1) : undefined;
    return new Bench(transport, clock, turn, open, here());
  };

  const check = (title: string, run: () => Promise<void>): void => {
    const reason = skip[title];
    const declare = reason === undefined ? it : it.skip;
    declare(reason === undefined ? title : `${title} (${reason})`, run);
  };
  const checkReliable = isReliable ? check : (): void => {};
  const checkDatagrams = isReliable ? (): void => {} : check;

  describe(`transport: ${name}`, () => {
    afterEach(async () => {
      for (const close of open.splice(0)) await close();
    });

    check('tells its protocol, on the factory and on the transport', async () => {
      expect(setUp().transport.protocol).toBe(protocol);
    });

    check('takes a free port when asked for port 0, and tells which', async () => {
      const bench = setUp();
      const { address } = await bench.listen();
      expect(address).toEqual(here(address.port));
      expect(address.port).toBeGreaterThan(0);
    });

    check('rejects with SIPX_TRANSPORT_BIND where somebody listens already', async () => {
      const bench = setUp();
      const { address } = await bench.listen();
      await expect(bench.transport.listen(address, new Recorder())).rejects.toMatchObject({
        code: 'SIPX_TRANSPORT_BIND',
      });
    });

    check('resolves no names', async () => {
      const { transport } = setUp();
      const to = { protocol, host: 'name.example', port: 5060 };
      await expect(transport.connect(to, {}, new Recorder())).rejects.toMatchObject({
        code: 'SIPX_USAGE',
      });
    });

    check('tells that a connection is open after listen has settled, never before', async () => {
      const bench = setUp();
      const sink = new Recorder();
      let told: number | undefined;
      const listening = bench.transport.listen(here(), sink).then((listener) => {
        told = sink.news.length;
        return listener;
      });
      const listener = await listening;
      open.push(() => listener.close());
      expect(told).toBe(0);
      if (isReliable) await bench.connect(listener.address, new Recorder());
      const { connection } = await bench.until(sink, 'opened');
      expect(connection.remote === undefined).toBe(!isReliable);
    });

    check('describes its connections', async () => {
      const bench = setUp();
      const { client, server, listener } = await bench.pair();
      for (const connection of [client, server]) {
        const secure = protocol === 'tls' || protocol === 'wss';
        expect(connection).toMatchObject({ protocol, reliable: isReliable, secure });
        expect(connection.local).toMatchObject({ protocol, host });
      }
      expect(client.remote).toEqual(listener.address);
      expect(client.id).not.toBe(server.id);
      if (isReliable) expect(server.remote).toEqual(client.local);
    });

    check('carries bytes there and back, and tells from where', async () => {
      const bench = setUp();
      const { client, server, heard, answered, listener } = await bench.pair();
      client.send(bytes('hello'));
      const { from } = await bench.until(heard, 'data');
      await bench.received(heard, 5);
      expect(heard.received).toEqual(bytes('hello'));
      expect(from).toEqual(client.local);
      server.send(bytes('and back'), from);
      await bench.received(answered, 8);
      expect(answered.received).toEqual(bytes('and back'));
      const [reply] = answered.all('data');
      expect(reply?.from).toEqual(listener.address);
      expect(reply?.connection).toBe(client);
    });

    check('carries every value of a byte, and keeps the order', async () => {
      const bench = setUp();
      const { client, heard } = await bench.pair();
      const all = Uint8Array.from({ length: 256 }, (_, i) => i);
      for (let at = 0; at < 256; at += 16) client.send(all.slice(at, at + 16));
      await bench.received(heard, 256);
      expect(heard.received).toEqual(all);
    });

    check('gives bytes that stay as they are', async () => {
      const bench = setUp();
      const { client, heard } = await bench.pair();
      client.send(bytes('first'));
      await bench.received(heard, 5);
      const kept = heard.all('data').map((data) => ({ data, copy: data.bytes.slice() }));
      for (let i = 0; i < 50; i += 1) client.send(bytes('other'));
      await bench.received(heard, 255);
      for (const { data, copy } of kept) expect(data.bytes).toEqual(copy);
    });

    check('does nothing for a signal that is aborted already', async () => {
      const bench = setUp();
      const { address } = await bench.listen();
      const signal = AbortSignal.abort('reason');
      await expect(
        bench.transport.connect(address, { signal }, new Recorder()),
      ).rejects.toMatchObject({ code: 'SIPX_ABORTED', cause: 'reason' });
    });

    check('closes once, however often it is asked, and says nothing after it', async () => {
      const bench = setUp();
      const { client, answered, server, heard } = await bench.pair();
      client.close();
      client.close();
      const closed = await bench.until(answered, 'closed');
      expect(closed).toMatchObject({ connection: client, error: undefined });
      expect(client.send(bytes('late'), here(9))).toBe(false);
      if (isReliable) {
        await bench.until(heard, 'closed');
        expect(server.send(bytes('late'))).toBe(false);
      }
      await bench.pause();
      expect(answered.news).toEqual([closed]);
      expect(heard.all('closed').length).toBe(isReliable ? 1 : 0);
    });

    check('sends what was given to it before close', async () => {
      const bench = setUp();
      const { client, heard } = await bench.pair();
      client.send(bytes('last'));
      client.send(bytes(' words'));
      client.close();
      await bench.received(heard, 10);
      expect(heard.received).toEqual(bytes('last words'));
    });

    check('ends with its listener what the listener opened, and frees the port', async () => {
      const bench = setUp();
      const { client, heard, answered, listener } = await bench.pair();
      await Promise.all([listener.close(), listener.close()]);
      await bench.until(heard, 'closed');
      expect(heard.all('closed').map(({ error }) => error)).toEqual([undefined]);
      if (isReliable) {
        const closed = await bench.until(answered, 'closed');
        expect(closed.connection).toBe(client);
      }
      const again = await bench.listen(listener.address);
      expect(again.address).toEqual(listener.address);
    });

    check('shows peers the address of the listener that it sends from', async () => {
      const bench = setUp();
      const mine = new Recorder();
      const from = await bench.listen(here(), mine);
      const theirs = new Recorder();
      const peer = await bench.listen(here(), theirs);
      const client = await bench.connect(peer.address, new Recorder(), from);
      client.send(bytes('hello'));
      const data = await bench.until(theirs, 'data');
      expect(data.from).toEqual(client.local);
      if (isReliable) expect(data.from.host).toBe(from.address.host);
      else expect(data.from).toEqual(from.address);
    });

    check('tells its own address towards a peer, bound to all of them or not', async () => {
      const bench = setUp();
      const from = await bench.listen(here(), new Recorder());
      const everywhere = await bench.listen({ ...here(), host: wildcard }, new Recorder());
      expect(everywhere.address.host).toBe(wildcard);
      const client = await bench.connect(from.address, new Recorder(), everywhere);
      expect(client.local.host).toBe(host);
      if (!isReliable) expect(client.local.port).toBe(everywhere.address.port);
    });

    checkReliable('rejects with SIPX_TRANSPORT_CONNECT where nobody listens', async () => {
      const bench = setUp();
      const listener = await bench.listen();
      await listener.close();
      const connecting = bench.connect(listener.address, new Recorder());
      await expect(connecting).rejects.toMatchObject({ code: 'SIPX_TRANSPORT_CONNECT' });
    });

    checkReliable('gives up connecting when the signal aborts', async () => {
      const bench = setUp();
      const { address } = await bench.listen();
      const sink = new Recorder();
      const controller = new AbortController();
      const { signal } = controller;
      const connecting = bench.transport.connect(address, { signal }, sink);
      controller.abort('changed my mind');
      await expect(connecting).rejects.toMatchObject({
        code: 'SIPX_ABORTED',
        cause: 'changed my mind',
      });
      expect(sink.news).toEqual([]);
      expect(bench.clock.pending).toBe(simulated ? 1 : 0);
    });

    checkReliable('gives up connecting after connectTimeout', async () => {
      // A socket connects in a later turn of the event loop, and a network in memory when time moves.
      const bench = setUp({ connectTimeout: 3 });
      const { address } = await bench.listen();
      const connecting = bench.transport.connect(address, {}, new Recorder());
      bench.clock.advance(3);
      await expect(connecting).rejects.toMatchObject({ code: 'SIPX_TRANSPORT_TIMEOUT' });
    });

    checkReliable('carries far more than one read takes', async () => {
      const bench = setUp({ maxBacklog: 1_000_000 });
      const { client, heard } = await bench.pair();
      const large = Uint8Array.from({ length: 600_000 }, (_, i) => i % 251);
      client.send(large);
      await bench.received(heard, large.length);
      // Compared by hand: a matcher takes seconds for these.
      const { received } = heard;
      expect(received.length).toBe(large.length);
      expect(received.findIndex((byte, i) => byte !== large[i])).toBe(-1);
    });

    checkReliable('says that it is full, and when there is room again', async () => {
      const bench = setUp({ maxBacklog: 1000 });
      const { client, heard, answered } = await bench.pair();
      expect(client.send(new Uint8Array(400))).toBe(true);
      expect(client.send(new Uint8Array(400))).toBe(false);
      await bench.until(answered, 'drained');
      expect(client.send(new Uint8Array(400))).toBe(true);
      await bench.received(heard, 1200);
      expect(answered.all('drained').length).toBe(1);
    });

    checkReliable('closes with SIPX_LIMIT_BACKLOG what is full over the bound', async () => {
      const bench = setUp({ maxBacklog: 1000 });
      const { client, answered } = await bench.pair();
      expect(client.send(new Uint8Array(1000))).toBe(false);
      expect(client.send(new Uint8Array(1))).toBe(false);
      const { error } = await bench.until(answered, 'closed');
      expect(error?.code).toBe('SIPX_LIMIT_BACKLOG');
    });

    checkReliable('takes no more than maxConnections', async () => {
      const bench = setUp({ maxConnections: 1 });
      const { client, heard, listener } = await bench.pair();
      const refused = new Recorder();
      // A system may complete the connection before the listener can drop it.
      const outcome = await bench.connect(listener.address, refused).then(
        () => bench.until(refused, 'closed').then(({ type }) => type),
        (error: unknown) => error,
      );
      if (outcome !== 'closed') expect(outcome).toMatchObject({ code: 'SIPX_TRANSPORT_CONNECT' });
      expect(heard.all('opened').length).toBe(1);
      client.close();
      await bench.until(heard, 'closed');
      await bench.connect(listener.address, new Recorder());
      await bench.until(heard, 'opened', 2);
    });

    checkDatagrams('keeps the boundaries of datagrams, empty ones too', async () => {
      const bench = setUp();
      const { client, heard } = await bench.pair();
      const sizes = [1, 0, 1400, 0, 20_000, 3];
      for (const size of sizes) client.send(new Uint8Array(size));
      await bench.until(heard, 'data', sizes.length);
      expect(heard.all('data').map(({ bytes }) => bytes.length)).toEqual(sizes);
    });

    checkDatagrams('fails with SIPX_LIMIT_DATAGRAM on too large a one, and lives on', async () => {
      const bench = setUp();
      const { client, heard, answered, listener } = await bench.pair();
      client.send(new Uint8Array(65_536));
      expect(answered.news).toEqual([]);
      const failed = await bench.until(answered, 'failed');
      expect(failed).toMatchObject({ connection: client, to: listener.address });
      expect(failed.error.code).toBe('SIPX_LIMIT_DATAGRAM');
      client.send(bytes('small'));
      await bench.received(heard, 5);
    });

    checkDatagrams('wants to know where to, of a socket that reaches many', async () => {
      const bench = setUp();
      const { server } = await bench.pair();
      const misuse = (): boolean => server.send(bytes('hello'));
      expect(misuse).toThrow(expect.objectContaining({ code: 'SIPX_USAGE' }));
    });

    checkDatagrams('gives what comes in to the socket, not to a view of it', async () => {
      const bench = setUp();
      const { server, heard, listener } = await bench.pair();
      const theirs = new Recorder();
      const peer = await bench.listen(here(), theirs);
      const ofView = new Recorder();
      const view = await bench.connect(peer.address, ofView, listener);
      expect(view.remote).toEqual(peer.address);
      view.send(bytes('hello'));
      const { connection, from } = await bench.until(theirs, 'data');
      connection.send(bytes('and back'), from);
      const { connection: at } = await bench.until(heard, 'data');
      expect(at).toBe(server);
      view.close();
      await bench.until(ofView, 'closed');
      expect(ofView.news.map(({ type }) => type)).toEqual(['closed']);
      connection.send(bytes('still there'), from);
      await bench.until(heard, 'data', 2);
      expect(heard.all('closed')).toEqual([]);
    });

    checkDatagrams('closes the views with their socket', async () => {
      const bench = setUp();
      const { listener } = await bench.pair();
      const ofView = new Recorder();
      const view = await bench.connect(here(9), ofView, listener);
      await listener.close();
      expect(ofView.news).toEqual([{ type: 'closed', connection: view, error: undefined }]);
    });

    checkDatagrams('refuses a listener that is closed or of another transport', async () => {
      const bench = setUp();
      const { listener } = await bench.pair();
      const stranger: Listener = { address: listener.address, close: async () => {} };
      await listener.close();
      for (const from of [stranger, listener]) {
        const connecting = bench.transport.connect(here(9), { from }, new Recorder());
        await expect(connecting).rejects.toMatchObject({ code: 'SIPX_USAGE' });
      }
    });

    checkDatagrams('hears its peer alone on a socket of its own', async () => {
      const bench = setUp();
      const { client, answered, server } = await bench.pair();
      const stranger = new Recorder();
      await bench.listen(here(), stranger);
      const { connection } = await bench.until(stranger, 'opened');
      connection.send(bytes('let me in'), client.local);
      await bench.pause();
      server.send(bytes('hello'), client.local);
      await bench.until(answered, 'data');
      expect(answered.received).toEqual(bytes('hello'));
    });
  });
};

/** One case's transport, its time, and what it opened. */
class Bench {
  readonly transport: Transport;
  readonly clock: ManualClock;
  readonly #turn: (() => Promise<void>) | undefined;
  readonly #open: (() => unknown)[];
  readonly #here: TransportAddress;

  constructor(
    transport: Transport,
    clock: ManualClock,
    turn: (() => Promise<void>) | undefined,
    open: (() => unknown)[],
    here: TransportAddress,
  ) {
    this.transport = transport;
    this.clock = clock;
    this.#turn = turn;
    this.#open = open;
    this.#here = here;
  }

  async listen(
    at: TransportAddress = this.#here,
    sink: Recorder = new Recorder(),
  ): Promise<Listener> {
    const listener = await this.transport.listen(at, sink);
    this.#open.push(() => listener.close());
    return listener;
  }

  async connect(to: TransportAddress, sink: Recorder, from?: Listener): Promise<Connection> {
    const connecting = this.transport.connect(to, from ? { from } : {}, sink);
    const connection = await (this.#turn ? this.clock.runUntil(connecting) : connecting);
    this.#open.push(() => connection.close());
    return connection;
  }

  /** A client, and what it is connected to. On UDP, the server is the listener's socket. */
  async pair(): Promise<Pair> {
    const heard = new Recorder();
    const answered = new Recorder();
    const listener = await this.listen(this.#here, heard);
    const client = await this.connect(listener.address, answered);
    const { connection: server } = await this.until(heard, 'opened');
    return { listener, client, server, heard, answered };
  }

  /** The `count`-th news of this type, once it is there. */
  async until<Type extends News['type']>(
    sink: Recorder,
    type: Type,
    count = 1,
  ): Promise<NewsOf<Type>> {
    for (;;) {
      const found = sink.all(type)[count - 1];
      if (found) return found;
      await this.#more(sink);
    }
  }

  async received(sink: Recorder, size: number): Promise<void> {
    while (sink.size < size) await this.#more(sink);
  }

  /** Long enough for news that must not come. */
  async pause(): Promise<void> {
    if (this.#turn) await this.clock.runFor(100);
    else for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  #more(sink: Recorder): Promise<void> {
    return this.#turn?.() ?? sink.next();
  }
}

interface Pair {
  readonly listener: Listener;
  readonly client: Connection;
  readonly server: Connection;
  /** What the listener's side was told, and what the client's. */
  readonly heard: Recorder;
  readonly answered: Recorder;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
