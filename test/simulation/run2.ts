import { simulateRace } from './race-simulation.ts';
const [from, n, v] = process.argv.slice(2);
const t = performance.now();
const met = new Map<string, number>();
let failed = 0;
for (let seed = Number(from); seed < Number(from) + Number(n); seed++) {
  const o = await simulateRace(seed, { story: v === 'v' });
  for (const m of o.met) met.set(m, (met.get(m) ?? 0) + 1);
  if (v) for (const l of o.story?.lines ?? []) console.log(l);
  if (o.faults.length) {
    failed++;
    if (failed <= 12) console.log(seed, o.faults.slice(0, 4).join(' | ').slice(0, 700));
  }
}
console.log(
  failed,
  'failed',
  ((performance.now() - t) / Number(n)).toFixed(2),
  'ms a seed',
  Object.fromEntries(met),
);
