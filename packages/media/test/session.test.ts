import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  measureFrequency,
  parseRTP,
  parseWav,
  rtp,
  type RTPOptions,
  type RTPSession,
  tone,
  writeRTP,
} from '@sipx/media';
import { ManualClock, SeededIds } from '@sipx/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './until.ts';

let clock: ManualClock;
let open: RTPSession[];

beforeEach(() => {
  clock = new ManualClock();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((session) => session.close()));
  expect(clock.pending).toBe(0);
});

const session = (options: RTPOptions = {}): RTPSession => {
  const made = rtp({ address: '127.0.0.1', clock, ids: new SeededIds(open.length), ...options });
  open.push(made);
  return made;
};

const connected = async (a: RTPSession, b: RTPSession): Promise<void> => {
  a.setAnswer(await b.createAnswer(await a.createOffer()));
};

/** One frame at a time, each waited for at the other end. */
const talk = async (a: RTPSession, b: RTPSession, ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 20) {
    clock.advance(20);
    await until(
      () =>
        a.statistics.received === b.statistics.sent && b.statistics.received === a.statistics.sent,
    );
  }
};

describe('two sessions', () => {
  it.each(['127.0.0.1', '::1'])('hear each other’s tone at %s', async (address) => {
    const [alice, bob] = [session({ address }), session({ address })];
    await connected(alice, bob);
    void alice.play(tone(440));
    void bob.play(tone(660));
    const [atAlice, atBob] = [alice.hear(400), bob.record()];
    await talk(alice, bob, 520);

    expect(measureFrequency(await atAlice)).toBeCloseTo(660, 0);
    expect(measureFrequency(atBob.pcm)).toBeCloseTo(440, 0);
    expect((await atAlice).length).toBe(3200);
    expect(alice.statistics).toMatchObject({
      sent: 26,
      received: 26,
      lost: 0,
      late: 0,
      refused: 0,
      concealedMs: 0,
      jitterMs: 0,
      codec: 'PCMU',
    });
  });

  it('hear A-law when that is what they share', async () => {
    const [alice, bob] = [session(), session({ codecs: ['PCMA'] })];
    await connected(alice, bob);
    void alice.play(tone(1000));
    const heard = bob.hear(300);
    await talk(alice, bob, 400);
    expect(measureFrequency(await heard)).toBeCloseTo(1000, 0);
    expect(alice.statistics.codec).toBe('PCMA');
  });

  it('send digits, each heard once and in order, while the tone plays on', async () => {
    const [alice, bob] = [session(), session()];
    await connected(alice, bob);
    const digits: string[] = [];
    bob.on('dtmf', (digit) => digits.push(digit));
    void alice.play(tone(440));
    const sent = alice.sendDtmf('1123#*D0');
    await talk(alice, bob, 8 * 160);
    await sent;
    expect(digits.join('')).toBe('1123#*D0');
    expect(bob.statistics).toMatchObject({ received: 64, lost: 0, jitterMs: 0 });
  });

  it('keep the timestamp of a digit, and go on in time after it', async () => {
    const peer = createSocket('udp4');
    peer.bind(0, '127.0.0.1');
    await once(peer, 'listening');
    const packets: ReturnType<typeof parseRTP>[] = [];
    peer.on('message', (bytes) => packets.push(parseRTP(bytes)));
    const alice = session();
    await alice.createOffer();
    alice.setAnswer(answer(`m=audio ${peer.address().port} RTP/AVP 8 96`, events(96)));
    void alice.sendDtmf('5');
    clock.advance(200);
    await until(() => packets.length === 10);
    peer.close();

    const start = packets[0]?.timestamp ?? 0;
    const seen = packets.map((packet) => [
      packet?.payloadType,
      packet?.marker,
      ((packet?.timestamp ?? 0) - start) | 0,
    ]);
    expect(seen).toEqual([
      [96, true, 0],
      ...Array.from({ length: 6 }, () => [96, false, 0]),
      [8, true, 7 * 160],
      [8, false, 8 * 160],
      [8, false, 9 * 160],
    ]);
  });

  it('echo', async () => {
    const [alice, service] = [session(), session()];
    await connected(alice, service);
    service.echo();
    void alice.play(tone(523));
    const heard = alice.hear(400);
    await talk(alice, service, 600);
    expect(measureFrequency(await heard)).toBeCloseTo(523, 0);
  });

  it('play a file once and record one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sipx-media-'));
    try {
      const [alice, bob] = [session(), session()];
      const first = alice.record(join(folder, 'first.wav'));
      await connected(alice, bob);
      void bob.play(tone(880, { durationMs: 300 }));
      await talk(alice, bob, 400);
      await first.stop();

      const second = bob.record(join(folder, 'second.wav'));
      const played = alice.play(join(folder, 'first.wav'));
      let ended = false;
      void played.then(() => {
        ended = true;
      });
      while (!ended) await talk(alice, bob, 20);
      await bob.close();
      await second.stop();

      const wav = parseWav(readFileSync(join(folder, 'second.wav')));
      expect(wav).toMatchObject({ sampleRate: 8000, channels: 1, encoding: 'PCM16' });
      expect(wav.samples.length / 8).toBe(second.durationMs);
      expect(measureFrequency(wav.samples)).toBeCloseTo(880, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('carry streams of bytes both ways', async () => {
    const [alice, bob, carol, dave] = [session(), session(), session(), session()];
    await connected(alice, bob);
    await connected(carol, dave);
    bob.readable.pipe(carol.writable);
    void alice.play(tone(700));
    const heard = dave.record();
    for (let i = 0; i < 40; i += 1) {
      await talk(alice, bob, 20);
      await until(() => dave.statistics.received === carol.statistics.sent);
    }
    expect(measureFrequency(heard.pcm)).toBeCloseTo(700, 0);
  });

  it('stop sending on hold and go on after it', async () => {
    const [alice, bob] = [session(), session()];
    await connected(alice, bob);
    await talk(alice, bob, 100);
    alice.setAnswer(await bob.createAnswer(await alice.createOffer({ direction: 'sendonly' })));
    clock.advance(100);
    await until(() => bob.statistics.received === 10);
    expect([alice.statistics.sent, bob.statistics.sent]).toEqual([10, 5]);
    await expect(bob.sendDtmf('1')).rejects.toMatchObject({ code: 'SIPX_USAGE_STATE' });

    alice.setAnswer(await bob.createAnswer(await alice.createOffer()));
    await talk(alice, bob, 100);
    expect([alice.statistics.sent, bob.statistics.sent]).toEqual([15, 10]);
    expect(alice.statistics.lost).toBe(0);
  });
});

describe('a session', () => {
  it('throws at no datagram, and hears no stranger once it hears its peer', async () => {
    const [alice, bob] = [session(), session()];
    const offer = await alice.createOffer();
    alice.setAnswer(await bob.createAnswer(offer));
    const stranger = createSocket('udp4');
    const port = Number(/m=audio (\d+)/.exec(offer)?.[1]);
    await talk(alice, bob, 20);
    const forged = writeRTP({
      payloadType: 0,
      marker: false,
      sequence: 1,
      timestamp: 1,
      ssrc: 7,
      payload: new Uint8Array(160),
    });
    const datagrams = [
      forged,
      Uint8Array.of(),
      Uint8Array.of(0x80),
      new Uint8Array(1500).fill(255),
    ];
    for (const bytes of datagrams) stranger.send(bytes, port, '127.0.0.1');
    stranger.send(forged.subarray(0, 11), port, '127.0.0.1');
    await until(() => alice.statistics.refused === 5);
    stranger.close();
    expect(alice.statistics).toMatchObject({ received: 1, lost: 0 });
  });

  it('resolves what plays, rejects waiting digits and refuses work once closed', async () => {
    const [alice, bob] = [session(), session()];
    await connected(alice, bob);
    const [playing, hearing] = [alice.play(tone(440)), alice.hear(1000)];
    const digits = alice.sendDtmf('1234');
    const rejected = expect(digits).rejects.toMatchObject({ code: 'SIPX_CLOSED' });
    const closed = once(alice, 'closed');
    await alice.close();
    await alice.close();
    await Promise.all([playing, rejected, closed]);
    expect((await hearing).length).toBe(0);
    await expect(alice.createOffer()).rejects.toMatchObject({ code: 'SIPX_CLOSED' });
    expect(() => alice.record()).toThrow(expect.objectContaining({ code: 'SIPX_CLOSED' }));
  });

  it('closes while it opens its socket', async () => {
    const alice = session();
    const offer = expect(alice.createOffer()).rejects.toMatchObject({ code: 'SIPX_CLOSED' });
    await alice.close();
    await offer;
  });

  it('leaves no port bound behind a refused offer, nor a close that came early', async () => {
    const first = session();
    const port = Number(/m=audio (\d+)/.exec(await first.createOffer())?.[1]);
    await first.close();
    const second = session({ port });
    await expect(second.createAnswer(answer('m=audio 4000 RTP/AVP 9'))).rejects.toMatchObject({
      code: 'SIPX_MEDIA_INCOMPATIBLE',
    });
    const third = session({ port });
    const early = expect(third.createOffer()).rejects.toMatchObject({ code: 'SIPX_CLOSED' });
    await third.close();
    await early;
    expect(await session({ port }).createOffer()).toContain(`m=audio ${port} `);
  });

  it('tells why it cannot work', async () => {
    expect(() => rtp({ address: 'example.com' })).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE' }),
    );
    const [alice, bob] = [session(), session({ dtmf: false })];
    const taken = Number(/m=audio (\d+)/.exec(await alice.createOffer())?.[1]);
    await expect(session({ port: taken }).createOffer()).rejects.toMatchObject({
      code: 'SIPX_MEDIA',
    });
    await expect(alice.sendDtmf('1')).rejects.toMatchObject({ code: 'SIPX_USAGE_STATE' });
    await connected(alice, bob);
    await expect(alice.sendDtmf('1')).rejects.toMatchObject({ code: 'SIPX_MEDIA_INCOMPATIBLE' });
    await expect(alice.play('no/such.wav')).rejects.toMatchObject({ code: 'SIPX_WAV' });
    expect(() => alice.record('no/such.wav')).toThrow(
      expect.objectContaining({ code: 'SIPX_WAV' }),
    );
    const failing = (function* () {
      yield new Int16Array(160);
      throw new TypeError('broken');
    })();
    const failed = expect(alice.play(failing)).rejects.toMatchObject({ code: 'SIPX_MEDIA' });
    clock.advance(60);
    await failed;
  });
});

const events = (type: number): string => `a=rtpmap:${type} telephone-event/8000`;

const answer = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...lines, ''].join(
    '\r\n',
  );
