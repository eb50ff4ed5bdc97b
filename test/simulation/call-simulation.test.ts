import { describe, expect, test } from 'vitest';
import { ROUGH, simulateCall } from './call-simulation.ts';

/** `pnpm simulate` runs hundreds; these few keep the ways (direct, by proxy, UDP, TCP) honest in every run. */
describe('a call over a network that loses a fifth of everything', () => {
  test.each([1, 2, 3, 4, 5, 6, 10, 15])('seed %i ends agreed and leaves nothing', async (seed) => {
    const { complete, faults, story } = await simulateCall(seed, ROUGH);
    expect(faults, story.join('\n')).toEqual([]);
    expect(complete, story.join('\n')).toBe(true);
  });
});

test('a network that loses everything ends in a coded timeout and leaves nothing', async () => {
  const { complete, faults } = await simulateCall(2, { loss: 1, duplication: 0, reordering: 0 });
  expect(complete).toBe(false);
  expect(faults).toEqual([]);
});

test('the same seed tells the same story', async () => {
  const [first, second] = [await simulateCall(7, ROUGH), await simulateCall(7, ROUGH)];
  expect(first.story.length).toBeGreaterThan(10);
  expect(second.story).toEqual(first.story);
});
