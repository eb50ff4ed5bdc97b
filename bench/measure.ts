/** Something to be timed: CPU time a message, µs, of `loops` times all that it does, or as much of it as `part` says. */
export interface Job {
  readonly name: string;
  time(loops: number, part: number): number | Promise<number>;
}

/** A slice is long beside the clock's grain, and short beside what disturbs the machine. */
const SLICE = 4_000;
const ROUNDS = 41;
const WARM_UP = 250_000;

/**
 * The median of each job. They take turns, so that what disturbs the machine disturbs all of them.
 * @param size messages that a job does in a loop, in whole groups of `group`
 */
export const medians = async (
  jobs: readonly Job[],
  size: number,
  group: number,
): Promise<Map<string, number>> => {
  const plans = [];
  for (const job of jobs) plans.push(await planned(job, size, group));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { job, loops, part, times } of plans) times.push(await job.time(loops, part));
  }
  return new Map(plans.map(({ job, times }) => [job.name, median(times)]));
};

interface Plan {
  readonly job: Job;
  readonly loops: number;
  readonly part: number;
  readonly times: number[];
}

const planned = async (job: Job, size: number, group: number): Promise<Plan> => {
  let each = await job.time(1, group);
  for (let spent = each * group; spent < WARM_UP; ) {
    const count = Math.max(1, Math.min(50, Math.floor(SLICE / (each * group))));
    each = await job.time(count, group);
    spent += each * group * count;
  }
  const groups = Math.min(size / group, Math.max(1, Math.floor(SLICE / (each * group))));
  const part = groups * group;
  return { job, part, loops: Math.max(1, Math.round(SLICE / (each * part))), times: [] };
};

/** A job of this process. */
export const jobOf = <Input>(
  name: string,
  inputs: readonly Input[],
  task: (input: Input) => unknown,
): Job => ({
  name,
  time(loops, part) {
    const began = process.cpuUsage();
    for (let loop = 0; loop < loops; loop += 1) {
      for (let n = 0; n < part; n += 1) last = task(inputs[n] as Input);
    }
    const { user, system } = process.cpuUsage(began);
    return (user + system) / (loops * part);
  },
});

/** Nothing is to be optimised away. */
export let last: unknown;

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
