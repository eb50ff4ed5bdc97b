import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Protocol } from '../calls/load.ts';

/** How long the event loop stood still, ms. */
export interface Pauses {
  readonly p999: number;
  readonly longest: number;
}

/** How often it is looked at, ms: that long is no pause. */
const RESOLUTION = 2;

/** What the server is to speak. */
export const protocol: Protocol = process.argv[2] === 'tcp' ? 'tcp' : 'udp';

/** Tells the measuring process where it listens; counts pauses from `begin` on, and tells them for `report`. */
export const serving = (port: number): void => {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  const milliseconds = (nanoseconds: number): number =>
    Math.max(0, nanoseconds / 1_000_000 - RESOLUTION);
  process.on('message', (asked) => {
    if (asked === 'begin') {
      delay.reset();
      delay.enable();
    } else {
      const p999 = milliseconds(delay.percentile(99.9));
      process.send?.({ p999, longest: milliseconds(delay.max) } satisfies Pauses);
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port });
};
