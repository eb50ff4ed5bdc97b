import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codecs, parseWav, rtp, type RTPSession, writeRTP } from '@sipx/media';
import { ManualClock, SeededIds } from '@sipx/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './until.ts';

let clock: ManualClock;
let media: RTPSession;
let peer: Socket;
let port: number;

beforeEach(async () => {
  clock = new ManualClock();
  media = rtp({ address: '127.0.0.1', clock, ids: new SeededIds(1) });
  port = Number(/m=audio (\d+)/.exec(await media.createOffer())?.[1]);
  peer = createSocket('udp4').bind(0, '127.0.0.1');
  await once(peer, 'listening');
});
afterEach(async () => {
  await media.close();
  peer.close();
});

const silence = {
  payloadType: 0,
  marker: false,
  timestamp: 0,
  ssrc: 1,
  payload: new Uint8Array(160),
};

const agree = (): void => {
  const to = peer.address().port;
  media.setAnswer(`v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio ${to} RTP/AVP 0\r\n`);
};

/** Sends packet n of a stream and waits until it was dealt with. */
const send = async (n: number, { ssrc = 1, value = 1052, payloadType = 0 } = {}): Promise<void> => {
  const total = (): number => media.statistics.received + media.statistics.refused;
  const before = total();
  const payload = codecs.PCMU.encode(new Int16Array(160).fill(value));
  const packet = { payloadType, marker: false, sequence: n, timestamp: n * 160, ssrc, payload };
  peer.send(writeRTP(packet), port, '127.0.0.1');
  await until(() => total() > before);
};

describe('what is heard', () => {
  it('is there before the answer', async () => {
    const heard = media.record();
    let news = 0;
    media.on('heard', () => {
      news += 1;
    });
    for (const n of [0, 1, 2]) await send(n);
    clock.advance(60);
    expect([...new Set(heard.pcm)]).toEqual([1052]);
    expect(news).toBe(1);
  });

  it('has silence for what was lost, and says so', async () => {
    agree();
    const frames: number[] = [];
    const recording = media.record((frame) => frames.push(frame[0] ?? -1));
    for (const n of [0, 2, 3]) await send(n);
    clock.advance(120);
    expect(frames).toEqual([1052, 0, 1052, 1052]);
    expect(recording.durationMs).toBe(80);
    expect(media.statistics).toMatchObject({ received: 3, lost: 1, concealedMs: 20 });
    await recording.stop();
    clock.advance(20);
    expect(frames).toHaveLength(4);
  });

  it('counts the jitter of what comes unevenly', async () => {
    agree();
    await send(0);
    clock.advance(36);
    await send(1);
    expect(media.statistics.jitterMs).toBeCloseTo(1, 9);
  });

  it('changes to a new source of the peer once the old one is silent', async () => {
    agree();
    await send(0);
    await send(9000, { ssrc: 2 });
    expect(media.statistics).toMatchObject({ received: 1, refused: 1 });
    clock.advance(100);
    const heard = media.hear(20);
    for (const n of [9001, 9002]) await send(n, { ssrc: 2, value: 2108 });
    clock.advance(60);
    expect((await heard)[0]).toBe(0);
    const later = media.hear(20);
    clock.advance(20);
    expect((await later)[0]).toBe(2108);
    expect(media.statistics).toMatchObject({ received: 3, lost: 0, refused: 1 });
  });

  it('holds no payload type that was not agreed on', async () => {
    agree();
    await send(0, { payloadType: 18 });
    expect(media.statistics).toMatchObject({ received: 0, refused: 1 });
  });

  it('passes over the peer’s RTCP', async () => {
    agree();
    peer.send(Uint8Array.of(0x80, 200, 0, 0), port, '127.0.0.1');
    await send(0);
    expect(media.statistics).toMatchObject({ received: 1, refused: 0 });
  });

  it('is nothing where only sending was agreed on', async () => {
    const to = peer.address().port;
    await media.createOffer({ direction: 'sendonly' });
    media.setAnswer(`v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio ${to} RTP/AVP 0\r\n`);
    peer.send(writeRTP({ ...silence, sequence: 1 }), port, '127.0.0.1');
    peer.send(writeRTP({ ...silence, sequence: 2 }), port, '127.0.0.1');
    // Packets of one socket come in order: once our own came back, the others have been dealt with.
    const returned = once(peer, 'message');
    clock.advance(20);
    await returned;
    expect(media.statistics).toMatchObject({ received: 0, refused: 0, sent: 1 });
  });

  it('can be read to the end of a file that was never closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sipx-media-'));
    try {
      const path = join(folder, 'cut.wav');
      agree();
      const recording = media.record(path);
      for (const n of [0, 1]) await send(n);
      clock.advance(80);
      await until(() => readFileSync(path).length === 44 + 640);
      expect(parseWav(readFileSync(path)).samples).toHaveLength(320);
      await recording.stop();
      expect(readFileSync(path).readUInt32LE(40)).toBe(640);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is dropped where nobody reads the stream, after two seconds', async () => {
    agree();
    const { readable } = media;
    expect(media.readable).toBe(readable);
    await send(0);
    clock.advance(5000);
    expect(readable.readableLength).toBe(32_000);
    const ended = once(readable, 'end');
    await media.close();
    readable.resume();
    await ended;
  });
});
