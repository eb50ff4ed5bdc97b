import { cpuOf, reachable } from './measure.ts';
import { Pair } from './pair.ts';

const BATCH = 100;
const LINGERING = 500;

/** Octets that so many calls, all over, have left behind. */
export const left = async (calls: number): Promise<number> => {
  const pair = await Pair.open();
  await through(pair, Math.min(calls, 5_000));
  const before = reachable();
  await through(pair, calls);
  const after = reachable();
  const { transactions, dialogs, timers } = pair.gauges;
  if (transactions + dialogs + timers > 0) {
    throw new Error(`${transactions} transactions, ${dialogs} dialogs, ${timers} timers are left`);
  }
  return after - before;
};

/** Octets that an established call keeps, on both sides together. */
export const held = async (count: number): Promise<number> => {
  const pair = await Pair.open();
  await through(pair, 1_000);
  const before = reachable();
  await hold(pair, count);
  return (reachable() - before) / count;
};

export interface Crowd {
  /** Of each side. */
  readonly dialogs: number;
  /** Microseconds of CPU for one more call, set up and hung up, both sides and the network. */
  readonly callUs: number;
  readonly heapMB: number;
}

/** What a call costs among few and among many others. */
export const crowds = async (sizes: readonly number[]): Promise<Crowd[]> => {
  const pair = await Pair.open();
  await through(pair, 5_000);
  const found: Crowd[] = [];
  for (const dialogs of sizes) {
    await hold(pair, dialogs - pair.gauges.dialogs / 2);
    const heapMB = Math.round(reachable() / 2 ** 20);
    const rounds: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      rounds.push((await cpuOf(() => through(pair, 2_000))) / 2_000);
    }
    // The least: what else runs on the machine only adds.
    found.push({ dialogs, heapMB, callUs: Math.min(...rounds) });
  }
  return found;
};

/** Set up and hung up, a hundred at a time, the transactions of five hundred lingering. */
const through = async (pair: Pair, count: number): Promise<void> => {
  for (let done = BATCH; done <= count; done += BATCH) {
    await pair.hangUp(await pair.establish(BATCH));
    if (done % LINGERING === 0) await pair.linger();
  }
  await pair.linger();
};

const hold = async (pair: Pair, count: number): Promise<void> => {
  for (let done = BATCH; done <= count; done += BATCH) {
    await pair.establish(BATCH);
    if (done % LINGERING === 0) await pair.linger();
  }
  await pair.linger();
};
