import { SeededIds, seededRandom } from '@sipx/testing';
import { describe, expect, it } from 'vitest';

describe('SeededIds', () => {
  const tokens = (seed: number | string): string[] => {
    const ids = new SeededIds(seed);
    return Array.from({ length: 1000 }, () => ids.token());
  };

  it('repeats for the same seed and differs for another', () => {
    expect(tokens(7)).toEqual(tokens(7));
    expect(new Set([...tokens(7), ...tokens(8), ...tokens('alice')]).size).toBe(3000);
  });

  it('gives tokens of lower-case letters and digits, of one length', () => {
    for (const token of tokens(1)) expect(token).toMatch(/^[0-9a-v]{20}$/);
  });

  it('spreads its numbers evenly over 0 to 1', () => {
    const draw = seededRandom('even');
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i += 1) {
      const bucket = Math.floor(draw() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
