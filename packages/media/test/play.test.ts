import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Clock } from '@sipx/contracts';
import {
  codecs,
  type PCMSource,
  parseRTP,
  pcmToBytes,
  rtp,
  type RTPSession,
  writeWav,
} from '@sipx/media';
import { ManualClock, SeededIds } from '@sipx/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './until.ts';

let peer: Socket;
let packets: { sequence: number; timestamp: number; value: number }[];
let clock: ManualClock;
let media: RTPSession;

const connect = async (options: { clock?: Clock } = {}): Promise<RTPSession> => {
  const session = rtp({ address: '127.0.0.1', clock, ids: new SeededIds(1), ...options });
  const { port } = peer.address();
  await session.createAnswer(`v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio ${port} RTP/AVP 0\r\n`);
  return session;
};

beforeEach(async () => {
  clock = new ManualClock();
  packets = [];
  peer = createSocket('udp4').bind(0, '127.0.0.1');
  await once(peer, 'listening');
  peer.on('message', (bytes) => {
    const packet = parseRTP(bytes);
    const [value = 0] = codecs.PCMU.decode(packet?.payload.subarray(80, 81) ?? new Uint8Array());
    packets.push({ value, sequence: packet?.sequence ?? 0, timestamp: packet?.timestamp ?? 0 });
  });
  media = await connect();
});
afterEach(async () => {
  await media.close();
  peer.close();
});

/** The middle sample of each packet that is sent in so many frames. */
const sent = async (frames: number): Promise<number[]> => {
  const before = packets.length;
  for (let i = 0; i < frames; i += 1) await clock.runFor(20);
  await until(() => packets.length === before + frames);
  return packets.slice(before).map(({ value }) => value);
};

// Values that µ-law keeps.
const [A, B, C] = [1052, 2108, -1052];
const frames = (...values: number[]): Int16Array =>
  Int16Array.from(values.flatMap((value) => Array<number>(160).fill(value)));
const bytes = (...values: number[]): Uint8Array => pcmToBytes(frames(...values));

describe('play', () => {
  it.each<[string, () => PCMSource, readonly number[]]>([
    ['samples', () => frames(A, B), [A, B, 0]],
    ['no samples', () => new Int16Array(), [0]],
    ['a part of a frame, filled with silence', () => frames(A, B).subarray(0, 250), [A, B, 0]],
    [
      'pieces of any length',
      () => [frames(A).subarray(0, 50), frames(A).subarray(50), new Int16Array(), frames(B, C)],
      [A, 0, B, C, 0],
    ],
    [
      'a stream of bytes, samples cut in half',
      () => Readable.from([bytes(A).subarray(0, 33), bytes(A, B).subarray(33)]),
      [A, B, 0],
    ],
    ['a stream of samples', () => Readable.from([frames(A), frames(B)]), [A, B, 0]],
  ])('plays %s', async (_, source, expected) => {
    let ended = false;
    void media.play(source()).then(() => {
      ended = true;
    });
    await clock.runFor(0);
    expect(await sent(expected.length)).toEqual(expected);
    expect(ended).toBe(true);
  });

  it('waits for a stream with silence, and asks no more of it than it needs', async () => {
    const stream = new PassThrough();
    void media.play(stream);
    expect(await sent(2)).toEqual([0, 0]);
    stream.write(bytes(A));
    expect(await sent(2)).toEqual([A, 0]);

    let asked = 0;
    const greedy = async function* (): AsyncGenerator<Int16Array> {
      for (;;) {
        asked += 1;
        yield frames(B);
      }
    };
    void media.play(greedy());
    expect((await sent(5)).filter((value) => value === B).length).toBeGreaterThanOrEqual(4);
    expect(asked).toBeLessThan(20);
  });

  it('begins again when looping, until stopped', async () => {
    void media.play(frames(A, B), { loop: true });
    expect(await sent(5)).toEqual([A, B, A, B, A]);
    media.stop();
    expect(await sent(1)).toEqual([0]);
    const nothing = media.play([], { loop: true });
    expect(await sent(1)).toEqual([0]);
    await nothing;
  });

  it('stops by a signal, and lets the source go', async () => {
    const stop = new AbortController();
    let released = false;
    const source = (function* () {
      try {
        for (;;) yield frames(A);
      } finally {
        released = true;
      }
    })();
    const playing = media.play(source, { signal: stop.signal });
    expect(await sent(1)).toEqual([A]);
    stop.abort();
    await playing;
    expect(released).toBe(true);
    expect(await sent(1)).toEqual([0]);
    await media.play(frames(A), { signal: stop.signal });
  });

  it('lets a new source take the place of the old one', async () => {
    const first = media.play(frames(A, A, A));
    expect(await sent(1)).toEqual([A]);
    void media.play(frames(B));
    await first;
    expect(await sent(2)).toEqual([B, 0]);
  });

  it('forgets a file that was still being read when another source came', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sipx-play-'));
    try {
      const path = join(folder, 'a.wav');
      writeFileSync(path, writeWav(frames(A, A, A)));
      const first = media.play(path);
      void media.play(frames(B, B));
      await first;
      expect(await sent(3)).toEqual([B, B, 0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sends nothing to a peer that holds the old way', async () => {
    await media.createAnswer('v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 0\r\n');
    clock.advance(100);
    expect(media.statistics.sent).toBe(0);
  });

  it('rejects with what a stream failed of', async () => {
    const stream = new PassThrough();
    const failed = expect(media.play(stream)).rejects.toMatchObject({ code: 'SIPX_MEDIA' });
    stream.destroy(new TypeError('broken'));
    await sent(2);
    await failed;
  });

  it('waits for the answer before it begins', async () => {
    await media.close();
    const early = rtp({ address: '127.0.0.1', clock, ids: new SeededIds(2) });
    void early.play(frames(A, B));
    await early.createOffer();
    clock.advance(100);
    const { port } = peer.address();
    early.setAnswer(`v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio ${port} RTP/AVP 0\r\n`);
    expect(await sent(2)).toEqual([A, B]);
    await early.close();
  });
});

describe('pace', () => {
  /** Fires late, by up to 6 ms, as a clock of 5 ms ticks does. */
  const coarse = (): Clock => {
    const { random } = new SeededIds(3);
    return {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      start: (delay, fire) => clock.start(Math.ceil(delay / 5) * 5 + random() * 6, fire),
    };
  };

  it('does not drift on a coarse clock: 500 packets in ten seconds, none of them skipped', async () => {
    const late = await connect({ clock: coarse() });
    for (let s = 0; s < 10; s += 1) {
      clock.advance(1000);
      await until(() => packets.length >= media.statistics.sent + late.statistics.sent);
    }
    expect(late.statistics.sent).toBeGreaterThanOrEqual(499);
    expect(late.statistics.sent).toBeLessThanOrEqual(500);
    await late.close();
  });

  /** A clock that the machine did not look at for a while. */
  const stalled = (ms: number): Clock & { stall(): void } => {
    let behind = 0;
    return {
      stall: () => {
        behind = ms;
      },
      now: () => clock.now() + behind,
      wallTime: () => clock.wallTime() + behind,
      start: (delay, fire) => clock.start(delay, fire),
    };
  };

  it('makes up for a short stall', async () => {
    const time = stalled(500);
    await media.close();
    media = await connect({ clock: time });
    clock.advance(100);
    time.stall();
    clock.advance(100);
    expect(media.statistics.sent).toBe(35);
  });

  it('skips a long one, in timestamps too', async () => {
    const time = stalled(60_000);
    await media.close();
    media = await connect({ clock: time });
    clock.advance(100);
    time.stall();
    clock.advance(100);
    await until(() => packets.length === 10);
    expect(media.statistics.sent).toBe(10);
    const [first, last] = [packets[0], packets.at(-1)];
    expect(((last?.timestamp ?? 0) - (first?.timestamp ?? 0)) | 0).toBe(
      (60_200 - 20 - 20) * 8 + 160,
    );
    expect(((last?.sequence ?? 0) - (first?.sequence ?? 0)) & 0xffff).toBe(9);
  });
});
