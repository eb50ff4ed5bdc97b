import { JitterBuffer } from '@sipx/media';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const DELAY = 60;
/** Packet n holds 160 samples of the value n + 1, and belongs at n · 160. */
const packet = (n: number): [number, Int16Array] => [
  (START + n * 160) >>> 0,
  new Int16Array(160).fill(n + 1),
];
const START = 0xffff_fe00; // wraps soon

/** What is read when packets arrive at these times: per frame its value, 0 for silence. */
const play = (arrivals: readonly (readonly [at: number, n: number])[], frames: number): unknown => {
  const buffer = new JitterBuffer({ delayMs: DELAY });
  const read: number[] = [];
  for (let now = 0; read.length < frames; now += 5) {
    for (const [, n] of arrivals.filter(([at]) => at === now)) buffer.write(...packet(n), now);
    const frame = now % 20 === 0 ? buffer.read(now) : undefined;
    if (frame) read.push(frame[80] ?? 0);
  }
  return { read, late: buffer.late, concealedMs: buffer.concealedMs };
};

const inTime = (n: number): [number, number] => [n * 20, n];

describe('JitterBuffer', () => {
  it.each<[string, readonly (readonly [number, number])[], readonly number[], number, number]>([
    ['packets in order', [0, 1, 2, 3].map(inTime), [1, 2, 3, 4], 0, 0],
    [
      'a burst',
      [
        [0, 0],
        [60, 1],
        [60, 2],
        [60, 3],
      ],
      [1, 2, 3, 4],
      0,
      0,
    ],
    [
      'packets that change places',
      [
        [0, 0],
        [20, 2],
        [40, 1],
        [60, 3],
      ],
      [1, 2, 3, 4],
      0,
      0,
    ],
    [
      'a first packet that is overtaken',
      [
        [0, 1],
        [5, 0],
        [40, 2],
      ],
      [1, 2, 3],
      0,
      0,
    ],
    [
      'a repeated packet',
      [
        [0, 0],
        [20, 1],
        [25, 1],
        [40, 2],
      ],
      [1, 2, 3],
      0,
      0,
    ],
    [
      'a lost packet',
      [
        [0, 0],
        [40, 2],
      ],
      [1, 0, 3],
      0,
      20,
    ],
    [
      'a packet just in time',
      [
        [0, 0],
        [80, 1],
        [40, 2],
      ],
      [1, 2, 3],
      0,
      0,
    ],
    [
      'a packet too late',
      [
        [0, 0],
        [105, 1],
        [40, 2],
        [60, 3],
      ],
      [1, 0, 3, 4],
      1,
      20,
    ],
    [
      'a pause of the sender',
      [
        [0, 0],
        [100, 5],
      ],
      [1, 0, 0, 0, 0, 6],
      0,
      80,
    ],
  ])('plays %s', (_, arrivals, read, late, concealedMs) => {
    expect(play(arrivals, read.length)).toEqual({ read, late, concealedMs });
  });

  it('plays no sound a second time', () => {
    const arrivals = Array.from({ length: 120 }, (_, n) => inTime(n)).filter(([, n]) => n !== 110);
    const silent = Array.from({ length: 120 }, (_, n) => (n === 110 ? 0 : n + 1));
    expect(play(arrivals, 120)).toEqual({ read: silent, late: 0, concealedMs: 20 });
  });

  it('waits for the delay before it begins', () => {
    const buffer = new JitterBuffer({ delayMs: DELAY });
    expect(buffer.read(0)).toBe(undefined);
    buffer.write(...packet(0), 0);
    expect(buffer.read(59)).toBe(undefined);
    expect(buffer.read(60)?.[0]).toBe(1);
  });

  it('takes packets of other lengths', () => {
    const buffer = new JitterBuffer({ delayMs: 0 });
    for (const n of [0, 1]) buffer.write(n * 240, new Int16Array(240).fill(n + 1), 0);
    const frames = [0, 20, 40].map((now) => [...(buffer.read(now) ?? [])]);
    expect(frames.flat()).toEqual([...Array(240).fill(1), ...Array(240).fill(2)]);
  });

  it.each([
    ['back', -100_000],
    ['far ahead', 100_000],
  ])('follows a sender whose timestamps jump %s, at the third packet', (_, jump) => {
    const buffer = new JitterBuffer({ delayMs: 0 });
    buffer.write(...packet(0), 0);
    buffer.read(0);
    const taken = [0, 1, 2, 3].map((n) =>
      buffer.write((START + jump + n * 160) >>> 0, new Int16Array(160).fill(7), 20),
    );
    expect(taken).toEqual([false, false, true, true]);
    expect([buffer.read(20)?.[0], buffer.read(40)?.[0]]).toEqual([7, 7]);
  });

  it('follows at once when the sender marks a new beginning', () => {
    const buffer = new JitterBuffer({ delayMs: 0 });
    buffer.write(...packet(0), 0);
    buffer.read(0);
    expect(buffer.write(5, new Int16Array(160).fill(7), 20, true)).toBe(true);
    expect(buffer.write(5_000_000, new Int16Array(160).fill(7), 20, true)).toBe(true);
    expect(buffer.read(20)?.[0]).toBe(7);
  });

  it('plays every packet that is no later than the delay, in order, whatever the arrival', () => {
    const delays = fc.array(fc.integer({ min: 0, max: DELAY / 5 }), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(delays, ([, ...late]) => {
        const arrivals = [0, ...late].map((slots, n): [number, number] => [n * 20 + slots * 5, n]);
        const expected = arrivals.map((_, n) => n + 1);
        expect(play(arrivals, expected.length)).toEqual({
          read: expected,
          late: 0,
          concealedMs: 0,
        });
      }),
    );
  });

  it('never throws and reads whole frames, whatever is written', () => {
    const step = fc.record({
      timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
      length: fc.integer({ min: 0, max: 20_000 }),
      marker: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const buffer = new JitterBuffer();
        steps.forEach(({ timestamp, length, marker }, i) => {
          buffer.write(timestamp, new Int16Array(length), i * 20, marker);
          expect(buffer.read(i * 20)?.length ?? 160).toBe(160);
        });
      }),
      { numRuns: 50 },
    );
  });
});
