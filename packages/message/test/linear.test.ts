import { parseURI } from '@sipx/message';
import { describe, expect, it } from 'vitest';
import { readWhole } from './fuzz/growth.ts';
import { shapes } from './fuzz/shapes.ts';

const timeOf = (action: () => void): number => {
  const began = performance.now();
  action();
  return performance.now() - began;
};

describe('messages of very many of something', () => {
  /* Linear time makes it 1, quadratic time 16. `pnpm fuzz` measures finer, on a machine of its own. */
  it.each(shapes.map(({ name, make }): [string, typeof make] => [name, make]))(
    '%s: time grows with the size, not with its square',
    (_, make) => {
      const [small, large] = [make(4_000), make(16 * 4_000)];
      const sixteen = (): void => {
        for (let each = 0; each < 16; each += 1) readWhole(small);
      };
      let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      // Others use the machine too: it is tried again while it takes too long, for nothing makes a machine too fast.
      for (let run = 0; run < 3 || (run < 12 && most / least >= 8); run += 1) {
        least = Math.min(least, timeOf(sixteen));
        most = Math.min(
          most,
          timeOf(() => readWhole(large)),
        );
      }
      expect(most / least).toBeLessThan(8);
    },
    60_000,
  );
});

it('URIs of many parameters are compared in linear time', () => {
  const params = Array.from({ length: 50_000 }, (__, n) => `;p${n}=${n}`);
  const [one, other] = [params.join(''), params.toReversed().join('')];
  expect(parseURI(`sip:h${one}`).equals(parseURI(`sip:h${other}`))).toBe(true);
  expect(parseURI(`sip:h${one}`).equals(parseURI(`sip:h${other.replace('=777;', '=x;')}`))).toBe(
    false,
  );
});
