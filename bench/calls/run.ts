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
const WARM_UP = { rate: 1000, seconds: 6 };

const NOTHING = { calls: 0, failed: 0, retransmissions: 0, rate: 0, cpuUs: 0, peakMB: 0 } as const;

/** One contestant under one load, in a process of its own that was warmed up. */
export const run = async (contestant: Contestant, what: Case, load: Load): Promise<Run> => {
  const server = await contestant.start(what);
  const { rate, seconds } = WARM_UP;
  try {
    await drive(what, server.port, { rate: Math.min(rate, load.rate), seconds });
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
  } catch (error) {
    // A called side that has ended meanwhile is a result, too.
    return { ...NOTHING, offered: load.rate, fault: String(error) };
  } finally {
    await server.stop();
  }
};
