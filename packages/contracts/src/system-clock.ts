import type { Clock, Timer } from './clock.ts';
import { TimerWheel } from './timer-wheel.ts';

/** SIP's shortest timer is T1 (500 ms); media paces itself by `now()` and asks for no less than a packet. */
const TICK = 5;
const SLOTS = 8192;

/** The platform's time. One wheel serves all timers; the platform sees one timeout, and none when idle. */
export const systemClock = (): Clock => {
  const wheel = new TimerWheel(TICK, SLOTS, performance.now());
  let beat: ReturnType<typeof setTimeout> | undefined;

  const turn = (): void => {
    beat = undefined;
    try {
      wheel.advance(performance.now());
    } finally {
      // A timer that throws must not stop the others.
      if (wheel.size > 0) beat ??= setTimeout(turn, TICK);
    }
  };

  return {
    now: () => performance.now(),
    wallTime: () => Date.now(),
    start(delay: number, fire: () => void): Timer {
      const now = performance.now();
      if (wheel.size === 0) wheel.advance(now);
      beat ??= setTimeout(turn, TICK);
      return wheel.start(now + delay, fire);
    },
  };
};
