/**
 * What calls cost and what they leave: pairs of endpoints on the network in memory.
 *
 *   pnpm load [--calls 200000] [--held 100000] [--json]
 */
import { parseArgs } from 'node:util';
import { cpuOf, reachable } from './measure.ts';
import { Pair } from './pair.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '200000' },
    held: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
});

const BATCH = 100;

/** Calls one after the other, a hundred at a time; the transactions of five hundred linger. */
const through = async (pair: Pair, count: number): Promise<void> => {
  for (let done = 0; done < count; done += BATCH) {
    await pair.hangUp(await pair.establish(BATCH));
    if (done % 500 === 0) await pair.linger();
  }
  await pair.linger();
};

const hold = async (pair: Pair, count: number): Promise<void> => {
  for (let done = 0; done < count; done += BATCH) {
    await pair.establish(BATCH);
    if (done % 500 === 0) await pair.linger();
  }
  await pair.linger();
};

/** Octets that so many calls, all over, have left behind. */
const growth = async (calls: number): Promise<number> => {
  const pair = await Pair.open();
  await through(pair, 5_000);
  const before = reachable();
  await through(pair, calls);
  const after = reachable();
  const { gauges } = pair;
  if (gauges.transactions + gauges.dialogs + gauges.timers > 0) {
    throw new Error(`something is left: ${JSON.stringify(gauges)}`);
  }
  return after - before;
};

/** Octets that an established call keeps on both sides together. */
const established = async (count: number): Promise<number> => {
  const pair = await Pair.open();
  await through(pair, 1_000);
  const before = reachable();
  await hold(pair, count);
  return (reachable() - before) / count;
};

interface Crowd {
  readonly dialogs: number;
  /** CPU of a further call, both sides. */
  readonly callUs: number;
  readonly heapMB: number;
}

/** What a call costs among few and among many others. */
const crowds = async (sizes: readonly number[]): Promise<Crowd[]> => {
  const pair = await Pair.open();
  await through(pair, 5_000);
  const found: Crowd[] = [];
  for (const dialogs of sizes) {
    await hold(pair, dialogs - pair.gauges.dialogs / 2);
    const heapMB = reachable() / 2 ** 20;
    const rounds: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      rounds.push((await cpuOf(() => through(pair, 2_000))) / 2_000);
    }
    found.push({ dialogs, heapMB: Math.round(heapMB), callUs: median(rounds) });
  }
  return found;
};

const median = (numbers: number[]): number =>
  numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const heldBytes = await established(2_000);
const [few, many] = await crowds([1_000, Number(values.held)]);
const leftBytes = await growth(Number(values.calls));
const ratio = (many?.callUs ?? 0) / (few?.callUs ?? 1);

if (!values.json) {
  console.log(`an established call keeps ${Math.round(heldBytes)} octets on both sides together`);
  for (const crowd of [few, many]) {
    if (!crowd) continue;
    const { dialogs, callUs, heapMB } = crowd;
    console.log(`${dialogs} dialogs a side: ${callUs.toFixed(0)} µs CPU a call, heap ${heapMB} MB`);
  }
  console.log(`× ${ratio.toFixed(2)}`);
  console.log(`${values.calls} calls left ${Math.round(leftBytes / 1024)} KB`);
}
console.log(JSON.stringify({ heldBytes, few, many, ratio, leftBytes }));
