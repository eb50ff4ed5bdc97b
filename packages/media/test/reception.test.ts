import { Reception } from '@sipx/media';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const count = (sequences: readonly number[]): object => {
  const reception = new Reception();
  for (const sequence of sequences) reception.count(sequence & 0xffff);
  const { received, lost, duplicated } = reception;
  return { received, lost, duplicated };
};

describe('Reception', () => {
  it.each<[string, readonly number[], object]>([
    ['nothing', [], { received: 0, lost: 0, duplicated: 0 }],
    ['one packet', [7], { received: 1, lost: 0, duplicated: 0 }],
    ['a gap', [1, 2, 5], { received: 3, lost: 2, duplicated: 0 }],
    ['a gap that is filled later', [1, 3, 2], { received: 3, lost: 0, duplicated: 0 }],
    ['a repetition, which hides no loss', [1, 3, 3], { received: 2, lost: 1, duplicated: 1 }],
    ['a first packet that was overtaken', [5, 4, 6], { received: 3, lost: 0, duplicated: 0 }],
    [
      'a first packet that was overtaken, and a loss',
      [5, 4, 7],
      { received: 3, lost: 1, duplicated: 0 },
    ],
    ['the wrap', [65_534, 65_535, 0, 2], { received: 4, lost: 1, duplicated: 0 }],
    ['overtaking at the wrap', [65_535, 1, 0], { received: 3, lost: 0, duplicated: 0 }],
    ['one stray', [1, 2, 30_000, 3], { received: 3, lost: 0, duplicated: 0 }],
    ['a restart', [1, 3, 30_000, 30_001, 30_002], { received: 4, lost: 1, duplicated: 0 }],
  ])('counts %s', (_, sequences, expected) => {
    expect(count(sequences)).toEqual(expected);
  });

  it('knows what was lost, wherever the sequence begins and whatever overtakes its neighbour', () => {
    const start = fc.integer({ min: 0, max: 65_535 });
    const fates = fc.array(fc.constantFrom('ok', 'lost', 'twice', 'swapped'), { maxLength: 200 });
    fc.assert(
      fc.property(start, fates, (first, between) => {
        const all = ['ok', ...between, 'ok', 'ok'];
        const sent = all.flatMap((fate, n): { at: number; sequence: number }[] => {
          const one = { at: fate === 'swapped' ? n + 1.5 : n, sequence: first + n };
          return fate === 'lost' ? [] : fate === 'twice' ? [one, one] : [one];
        });
        const lost = all.filter((fate) => fate === 'lost').length;
        const duplicated = all.filter((fate) => fate === 'twice').length;
        const arrived = sent.sort((a, b) => a.at - b.at).map(({ sequence }) => sequence);
        expect(count(arrived)).toEqual({ received: all.length - lost, lost, duplicated });
      }),
    );
  });

  it.each<[string, readonly (readonly [timestamp: number, arrivalMs: number])[], number]>([
    [
      'an even stream',
      [
        [0, 0],
        [160, 20],
        [320, 40],
      ],
      0,
    ],
    [
      'an even stream over the wrap',
      [
        [0xffff_ff60, 0],
        [0, 20],
        [160, 40],
      ],
      0,
    ],
    // RFC 3550 A.8: J += (|D| - J) / 16, here D = 16 ms, then -16 ms.
    [
      'one late packet',
      [
        [0, 0],
        [160, 36],
        [320, 40],
      ],
      1 + 15 / 16,
    ],
  ])('measures the jitter of %s', (_, packets, jitterMs) => {
    const reception = new Reception();
    for (const [timestamp, arrival] of packets) reception.time(timestamp, arrival);
    expect(reception.jitterMs).toBeCloseTo(jitterMs, 9);
  });
});
