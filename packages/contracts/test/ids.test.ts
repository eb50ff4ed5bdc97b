import { cryptoIds } from '@sipx/contracts';
import { describe, expect, it } from 'vitest';

describe('cryptoIds', () => {
  it('gives tokens of one length, lower-case letters and digits, none twice', () => {
    const ids = cryptoIds();
    const tokens = Array.from({ length: 20_000 }, () => ids.token());
    expect(new Set(tokens).size).toBe(tokens.length);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-v]{20}$/);
  });

  it('holds at least 64 random bits', () => {
    const ids = cryptoIds();
    const seen = Array.from({ length: 20 }, () => new Set<string>());
    for (let i = 0; i < 5000; i += 1) {
      for (const [at, character] of [...ids.token()].entries()) seen[at]?.add(character);
    }
    const bits = seen.reduce((sum, { size }) => sum + Math.log2(size), 0);
    expect(bits).toBeGreaterThanOrEqual(64);
  });

  it('is not the same from one source to the next', () => {
    expect(cryptoIds().token()).not.toBe(cryptoIds().token());
  });

  it('gives numbers from 0 to below 1, spread evenly', () => {
    const ids = cryptoIds();
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 20_000; i += 1) {
      const number = ids.random();
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
      const bucket = Math.floor(number * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // Eight standard deviations: this fails by chance in no lifetime.
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(340);
  });
});
