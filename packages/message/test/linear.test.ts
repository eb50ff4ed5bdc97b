import { parseURI } from '@sipx/message';
import { describe, expect, it } from 'vitest';
import { GROWTH, readWhole } from './fuzz/growth.ts';
import { growths } from './fuzz/growths.ts';
import { shapes } from './fuzz/shapes.ts';

const timeOf = (action: () => void): number => {
  const began = performance.now();
  action();
  return performance.now() - began;
};

describe('messages of very many of something', () => {
  /* What takes quadratic time for so many takes a minute. */
  it.each(shapes.map(({ name, make }): [string, typeof make] => [name, make]))(
    '%s: are read',
    (_, make) => {
      expect(timeOf(() => readWhole(make(100_000)))).toBeLessThan(5_000);
    },
    60_000,
  );

  /* `pnpm fuzz` measures all of them. */
  const some = [
    ...['folds', 'parameters', 'nested quotes', 'quotes', 'backslashes', 'commas'],
    ...['brackets', 'escapes', 'nested parts', 'parts'],
  ];

  it('twice as many take at most 2.3 times as long', async () => {
    const found: [string, number][] = [];
    for await (const growth of growths(2, some)) found.push(growth);
    expect(found.map(([name]) => name).toSorted()).toEqual(some.toSorted());
    expect(found.filter(([, growth]) => growth > GROWTH)).toEqual([]);
  }, 120_000);
});

it('URIs of many parameters are compared in linear time', () => {
  const params = Array.from({ length: 50_000 }, (__, n) => `;p${n}=${n}`);
  const [one, other] = [params.join(''), params.toReversed().join('')];
  expect(parseURI(`sip:h${one}`).equals(parseURI(`sip:h${other}`))).toBe(true);
  expect(parseURI(`sip:h${one}`).equals(parseURI(`sip:h${other.replace('=777;', '=x;')}`))).toBe(
    false,
  );
});
