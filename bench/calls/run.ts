import type { Pauses } from '../uas/serve.ts';
import type { Contestant } from './contestant.ts';
import type { Case, Load } from './load.ts';
import { cpuOf, peakMemoryOf } from './process-meter.ts';
import { drive, type Outcome } from './sipp.ts';

/** What one run showed. */
export interface Run extends Outcome {
  readonly offered: number;
  /** CPU time of the called side, µs a call. */
  readonly cpuUs: number;
  readonly peakMB: number;
  readonly pauses?: Pauses;
}

/** Code that runs for the first time is slow. */
const WARM_UP = { rate: 1000, seconds: 3 };

/** One contestant under one load, in a process of its own that was warmed up. */
export const run = async (contestant: Contestant, what: Case, load: Load): Promise<Run> => {
  const server = await contestant.start(what);
  try {
    await drive(what, server.port, { ...WARM_UP, rate: Math.min(WARM_UP.rate, load.rate) });
    server.begin();
    const before = cpuOf(server.pid);
    const outcome = await drive(what, server.port, load);
    const spent = cpuOf(server.pid) - before;
    const pauses = await server.pauses();
    return {
      ...outcome,
      offered: load.rate,
      cpuUs: spent / Math.max(1, outcome.calls),
      peakMB: peakMemoryOf(server.pid),
      ...(pauses && { pauses }),
    };
  } finally {
    await server.stop();
  }
};
