import type { Contestant } from './contestant.ts';
import type { Case, Load } from './load.ts';
import { type Run, run } from './run.ts';

/** Calls a second that are tried. */
const LADDER = [
  250, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 11_000,
  12_000, 13_000, 14_000, 16_000, 18_000, 20_000, 25_000, 30_000,
] as const;

/** Long enough to see what is hopeless. */
const PROBE = 5;

/**
 * The highest rate that was held for all of the time, in one of two tries: short runs find where to begin, and
 * from there it goes down. Undefined when not even the lowest was held.
 */
export const highestRate = async (
  contestant: Contestant,
  what: Case,
  seconds: number,
): Promise<Run | undefined> => {
  let held = 0;
  let failed: number = LADDER.length;
  while (failed - held > 1) {
    const step = (held + failed) >> 1;
    const probe = await tried(contestant, what, { rate: rateAt(step), seconds: PROBE });
    if (probe.fault === undefined) held = step;
    else failed = step;
  }
  for (let step = held; step >= 0; step -= 1) {
    const full = await tried(contestant, what, { rate: rateAt(step), seconds });
    console.error(`${what.title}, ${contestant.name}: ${full.offered}/s ${full.fault ?? 'held'}`);
    if (full.fault === undefined) return full;
  }
  return undefined;
};

/** What else the machine does can spoil a run. */
const tried = async (contestant: Contestant, what: Case, load: Load): Promise<Run> => {
  const first = await run(contestant, what, load);
  return first.fault === undefined ? first : run(contestant, what, load);
};

const rateAt = (step: number): number => LADDER[step] ?? LADDER[0];
