import { describe, expect, test } from 'vitest';
import { racePlan } from './race-plan.ts';
import { type Meeting, simulateRace } from './race-simulation.ts';

/** `pnpm simulate` runs thousands. */
const SEEDS = 500;

const met = new Map<Meeting, number>();

describe(`${SEEDS} calls with forks, cancels, hang-ups, partitions and restarts over a bad network`, () => {
  const part = SEEDS / 10;

  test.each(Array.from({ length: 10 }, (_, i) => i * part + 1))(
    `both sides agree and nothing is left: ${part} seeds from %i`,
    async (from) => {
      const failed: Record<number, readonly string[]> = {};
      for (let seed = from; seed < from + part; seed += 1) {
        const outcome = await simulateRace(seed);
        if (outcome.faults.length > 0) failed[seed] = outcome.faults;
        for (const what of outcome.met) met.set(what, (met.get(what) ?? 0) + 1);
      }
      expect(
        failed,
        'replay one: pnpm simulate --only races --from <seed> --seeds 1 --verbose',
      ).toEqual({});
    },
  );

  const wanted: readonly (readonly [Meeting, number])[] = [
    ['up', 100],
    ['cancelled', 100],
    ['refused', 20],
    ['timeout', 20],
    ['2xx crossed CANCEL', 10],
    ['surplus 2xx', 20],
    ['repeated 2xx', 50],
    ['BYEs crossed', 50],
    ['partition', 40],
    ['restart', 20],
  ];
  test.each(wanted)('they met: %s, at least %i times', (what, times) => {
    expect(met.get(what) ?? 0).toBeGreaterThanOrEqual(times);
  });
});

test('next to never the network swallows a BYE and all its repetitions', () => {
  expect(met.get('severed') ?? 0).toBeLessThanOrEqual(SEEDS / 50);
});

/** A seed with forks, cancels or both, so that there is much that could come out differently. */
const BUSY = Array.from({ length: 100 }, (_, seed) => seed).find((seed) => {
  const { callees, caller, handlers, protocol } = racePlan(seed);
  return callees.length === 3 && caller.cancels.length > 0 && handlers > 0 && protocol === 'udp';
});

test('a seed replays to the octet', async () => {
  const hash = async (seed: number): Promise<string | undefined> =>
    (await simulateRace(seed, { story: true })).story?.hash;
  const first = await hash(BUSY ?? 0);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await hash(BUSY ?? 0)).toBe(first);
  expect(await hash((BUSY ?? 0) + 1)).not.toBe(first);
});
