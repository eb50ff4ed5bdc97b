import { FRAME_SAMPLES, measureFrequency, odeToJoy, tone, toneShare, tune } from '@sipx/media';
import { SeededIds } from '@sipx/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const join = (pieces: Iterable<Int16Array>): Int16Array =>
  Int16Array.from([...pieces].flatMap((piece) => [...piece]));
const second = (hz: number, level?: number): Int16Array =>
  join(tone(hz, { durationMs: 1000, ...(level === undefined ? {} : { level }) }));

describe('measureFrequency', () => {
  it('finds a tone anywhere in the band, to a tenth of a hertz', () => {
    const cases = fc.tuple(
      fc.double({ min: 60, max: 3700, noNaN: true }),
      fc.double({ min: 0.02, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(cases, ([hz, level]) => {
        expect(Math.abs(measureFrequency(second(hz, level)) - hz)).toBeLessThan(0.1);
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, (pcm: Int16Array) => Int16Array]>([
    ['in a short piece', (pcm) => pcm.subarray(0, 800)],
    [
      'between silences',
      (pcm) =>
        Int16Array.from([
          ...new Int16Array(9000),
          ...pcm.subarray(0, 3000),
          ...new Int16Array(9000),
        ]),
    ],
    [
      'with every tenth packet lost',
      (pcm) => pcm.map((sample, i) => (Math.floor(i / 160) % 10 === 3 ? 0 : sample)),
    ],
    ['with noise beside it', (pcm) => pcm.map((sample, i) => sample + (noise[i] ?? 0) / 4)],
    [
      'with a weaker one beside it',
      (pcm) => pcm.map((sample, i) => sample / 2 + (weaker[i] ?? 0) / 4),
    ],
  ])('finds a tone %s', (_, change) => {
    expect(Math.abs(measureFrequency(change(second(440))) - 440)).toBeLessThan(2);
  });

  it.each<[string, Int16Array]>([
    ['nothing', new Int16Array()],
    ['one sample', Int16Array.of(1000)],
    ['silence', new Int16Array(8000)],
    ['a whisper', second(440, 0.0005)],
    ['a constant', new Int16Array(8000).fill(5000)],
  ])('finds none in %s', (_, pcm) => {
    expect(measureFrequency(pcm)).toBe(0);
  });

  it('finds none in noise', () => {
    expect(measureFrequency(noise)).toBe(0);
  });
});

describe('toneShare', () => {
  it('tells one tone from another, and from silence', () => {
    expect(toneShare(second(697), 697)).toBeGreaterThan(0.99);
    expect(toneShare(second(770), 697)).toBeLessThan(0.01);
    expect(toneShare(new Int16Array(800), 697)).toBe(0);
  });
});

describe('tone', () => {
  it('is as long and as loud as asked, in frames, and begins anew each time', () => {
    const short = tone(1000, { durationMs: 30, level: 0.5 });
    expect([...short].map((piece) => piece.length)).toEqual([FRAME_SAMPLES, 80]);
    expect(Math.max(...join(short))).toBe(Math.round(0.5 * 32_767));
    expect(join(short)).toEqual(join(short));
  });

  it('goes on without end', () => {
    let frames = 0;
    for (const _ of tone(440)) if (++frames === 5000) break;
    expect(frames).toBe(5000);
  });
});

describe('tune', () => {
  it('plays its notes with soft ends', () => {
    const [a, rest, b] = [
      ...tune([
        { hz: 440, ms: 200 },
        { hz: 0, ms: 100 },
        { hz: 660, ms: 200 },
      ]),
    ];
    expect([a, rest, b].map((note) => note && Math.round(measureFrequency(note)))).toEqual([
      440, 0, 660,
    ]);
    expect([a?.length, a?.at(0), a?.at(-1)]).toEqual([1600, 0, 0]);
  });

  it('has one of its own, of 16 bars', () => {
    expect(odeToJoy.reduce((ms, note) => ms + note.ms, 0)).toBe(32 * 400);
    expect(odeToJoy.every((note) => note.hz > 250 && note.hz < 400)).toBe(true);
  });
});

const random = new SeededIds(1);
const noise = Int16Array.from({ length: 8000 }, () => (random.random() - 0.5) * 20_000);
const weaker = second(700);
