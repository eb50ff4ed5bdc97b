/**
 * `pnpm bench:calls [calls] [tcp] [options] [--quick] [--rate N] [--seconds N] [--json]`: calls a second and what
 * they cost, SIPX beside others, in turns in one run; on Linux, with SIPp on one core and the called side on
 * another. Loopback alone.
 *
 * First the highest rate that each holds for the time (60 s), every call complete and under 0.1% of it sent again;
 * then all at the one rate that the weaker of the JavaScript stacks held, where CPU time, memory and pauses are
 * compared. `--quick` offers one rate for 10 s; `--rate` another one.
 * The last line with --json is one object: by case and contestant the highest rate, and the rest at the same rate.
 */
import { parseArgs } from 'node:util';
import { isInstalled } from './calls/children.ts';
import { type Contestant, contestants } from './calls/contestant.ts';
import { highestRate } from './calls/highest-rate.ts';
import { type Case, CASES } from './calls/load.ts';
import { type Run, run } from './calls/run.ts';
import { printTable } from './calls/table.ts';

const { values: flags, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rate: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const seconds = Number(flags.seconds ?? (flags.quick ? 10 : 60));
const oneRate = flags.rate ?? (flags.quick ? '1000' : undefined);

type Runs = Map<string, Run | undefined>;

if (!isInstalled('sipp')) throw new Error('sipp is not installed (Debian: sip-tester)');
const everybody = contestants();
const results: Record<string, object> = {};
for (const what of CASES) {
  if (wanted.length > 0 && !wanted.includes(what.name)) continue;
  const highest = oneRate === undefined ? await highestRates(what) : undefined;
  const rate = highest ? commonRate(highest) : Number(oneRate);
  const same = await inTurns((contestant) => run(contestant, what, { rate, seconds }));
  if (highest) show(`${what.title}: the highest rate held for ${seconds} s`, highest);
  show(`${what.title}: ${rate}/s for ${seconds} s`, same);
  results[what.name] = Object.fromEntries(
    everybody.map(({ name }) => [name, figures(same.get(name), (highest ?? same).get(name))]),
  );
}
if (flags.json) console.log(JSON.stringify(results));

async function inTurns(
  measure: (contestant: Contestant) => Promise<Run | undefined>,
): Promise<Runs> {
  const runs: Runs = new Map();
  for (const contestant of everybody) runs.set(contestant.name, await measure(contestant));
  return runs;
}

function highestRates(what: Case): Promise<Runs> {
  return inTurns((contestant) => highestRate(contestant, what, seconds));
}

/** What both stacks in JavaScript held. */
function commonRate(runs: Runs): number {
  const held = ['sipx', 'sip'].flatMap((name) => runs.get(name)?.offered ?? []);
  return Math.min(...held, 2000);
}

function show(title: string, runs: Runs): void {
  const rows = everybody.map(({ name, title: row }) => [row, runs.get(name)] as const);
  printTable(title, rows, runs.get('sip'));
}

function figures(same: Run | undefined, highest: Run | undefined): object {
  const at = same?.fault === undefined ? same : undefined;
  return {
    rate: highest?.fault === undefined ? (highest?.offered ?? null) : null,
    cpuUs: rounded(at?.cpuUs),
    rssMB: rounded(at?.peakMB),
    pauseP999Ms: rounded(at?.pauses?.p999),
    pauseMaxMs: rounded(at?.pauses?.longest),
  };
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toFixed(1));
}
