import type { Clock, Timer } from '@sipx/contracts';
import type { TimerValues } from '@sipx/fsm';

/**
 * The 2xx of an INVITE until its ACK (RFC 3261 13.3.1.4): repeated at T1, then doubling up to T2, on every
 * transport, since a proxy on the way may use another; given up after 64·T1.
 */
export class AcceptedInvite {
  readonly #clock: Clock;
  readonly #timers: TimerValues;
  readonly #steps: AcceptedSteps;
  /** When it is given up. */
  readonly #deadline: number;
  #next: Timer;

  constructor(clock: Clock, timers: TimerValues, steps: AcceptedSteps) {
    this.#clock = clock;
    this.#timers = timers;
    this.#steps = steps;
    this.#deadline = clock.now() + 64 * timers.t1;
    this.#next = this.#repeatAfter(timers.t1);
  }

  /** The ACK came, or nobody waits for it any more. */
  settle(): void {
    this.#next.cancel();
  }

  #repeatAfter(wait: number): Timer {
    const left = this.#deadline - this.#clock.now();
    if (wait >= left) return this.#clock.start(left, () => this.#steps.giveUp());
    return this.#clock.start(wait, () => {
      this.#steps.repeat();
      this.#next = this.#repeatAfter(Math.min(wait * 2, this.#timers.t2));
    });
  }
}

export interface AcceptedSteps {
  readonly repeat: () => void;
  readonly giveUp: () => void;
}
