import { parseArgs } from 'node:util';
import { type Outcome, ROUGH, simulateCall } from './call-simulation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const count = Number(values.seeds);
const from = Number(values.from);
/** Loss alone may defeat a call now and then; more than this means that something else does. */
const mustComplete = Math.floor(count * 0.975);

const failed: Outcome[] = [];
let complete = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const outcome = await simulateCall(seed, ROUGH);
  if (outcome.complete) complete += 1;
  if (values.verbose && !values.json) for (const line of outcome.story) console.log(`  ${line}`);
  if (outcome.faults.length === 0) continue;
  failed.push(outcome);
  if (!values.json) console.log(`seed ${seed}: ${outcome.faults.join('; ')}`);
}

if (!values.json) {
  console.log(`${complete} of ${count} calls complete, ${failed.length} seeds failed`);
  if (failed[0]) console.log(`replay: pnpm simulate --from ${failed[0].seed} --seeds 1 --verbose`);
}
console.log(JSON.stringify({ seeds: count, complete, failed: failed.map(({ seed }) => seed) }));
if (failed.length > 0 || complete < mustComplete) process.exitCode = 1;
