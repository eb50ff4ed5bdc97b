import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ShardedMap } from '@sipx/fsm';

const step = fc.tuple(fc.constantFrom('set', 'delete', 'get'), fc.stringMatching(/^[a-c]{0,3}$/));

it('is a map', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const map = new Map<string, number>();
      const sharded = new ShardedMap<number>();
      for (const [at, [what, key]] of steps.entries()) {
        if (what === 'set') {
          map.set(key, at);
          sharded.set(key, at);
        } else if (what === 'delete') expect(sharded.delete(key)).toBe(map.delete(key));
        expect(sharded.get(key)).toBe(map.get(key));
        expect(sharded.has(key)).toBe(map.has(key));
        expect(sharded.size).toBe(map.size);
      }
      const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
      expect(sorted(sharded.values())).toEqual(sorted(map.values()));
    }),
  );
});
