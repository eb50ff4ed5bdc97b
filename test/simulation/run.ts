import { parseArgs } from 'node:util';
import { ROUGH, simulateCall } from './call-simulation.ts';
import { simulateRace } from './race-simulation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    /** `races`: forks and races of the signalling; `calls`: whole calls by a registrar and proxy with a digest. */
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const count = Number(values.seeds);
const from = Number(values.from);
const only = values.only;
const say = (line: string): void => {
  if (!values.json) console.log(line);
};

const fail = (why: string): void => {
  console.error(why);
  process.exitCode = 1;
};

/** Runs every seed of one simulation; what failed is printed as it does. */
const runAll = async (name: string, run: (seed: number) => Promise<Result>): Promise<number[]> => {
  const failed: number[] = [];
  const met = new Map<string, number>();
  const begun = performance.now();
  for (let seed = from; seed < from + count; seed += 1) {
    const { faults, story, what } = await run(seed);
    for (const each of what) met.set(each, (met.get(each) ?? 0) + 1);
    if (values.verbose) for (const line of story()) say(`  ${line}`);
    if (faults.length === 0) continue;
    failed.push(seed);
    say(`seed ${seed}: ${faults.join('; ')}`);
    say(`  replay: pnpm simulate --only ${name} --from ${seed} --seeds 1 --verbose`);
  }
  const perSeed = (performance.now() - begun) / count;
  const counts = [...met].map(([what, times]) => `${what} ${times}`).join(', ');
  say(
    `${name}: ${count} seeds, ${failed.length} failed, ${perSeed.toFixed(1)} ms each (${counts})`,
  );
  // More than now and then, and it is not the network that swallows every repetition of a BYE.
  if ((met.get('severed') ?? 0) > count / 50 + 1)
    fail('too many BYEs were lost with all their repetitions');
  return failed;
};

interface Result {
  readonly faults: readonly string[];
  readonly story: () => readonly string[];
  /** What happened in it, to be counted. */
  readonly what: readonly string[];
}

const failed = new Set<number>();
let complete: number | undefined;

if (only !== 'calls') {
  const races = await runAll('races', async (seed) => {
    const { faults, met, story } = await simulateRace(seed, { story: values.verbose });
    return { faults, what: met, story: () => story?.lines ?? [] };
  });
  for (const seed of races) failed.add(seed);
}

if (only !== 'races') {
  complete = 0;
  const calls = await runAll('calls', async (seed) => {
    const outcome = await simulateCall(seed, ROUGH);
    if (outcome.complete) complete = (complete ?? 0) + 1;
    const { faults, story } = outcome;
    return { faults, what: outcome.complete ? ['complete'] : [], story: () => story };
  });
  for (const seed of calls) failed.add(seed);
  // Loss alone may defeat a call now and then; more than this means that something else does.
  if (complete < Math.floor(count * 0.975)) fail(`${complete} calls of ${count} are too few`);
}

console.log(
  JSON.stringify({
    seeds: count,
    ...(complete !== undefined && { complete }),
    failed: [...failed].sort((a, b) => a - b),
  }),
);
if (failed.size > 0) process.exitCode = 1;
