import { type Clock, systemClock, type Timer } from '@sipx/contracts';

/** The system's time, until a test has seen enough: `skip` lets a stretch of it pass in no time. */
export class SkippingClock implements Clock {
  readonly #system: Clock = systemClock();
  readonly #pending = new Set<Pending>();
  #skipped = 0;

  now(): number {
    return this.#system.now() + this.#skipped;
  }

  wallTime(): number {
    return this.#system.wallTime() + this.#skipped;
  }

  start(delay: number, fire: () => void): Timer {
    const fireOnce = (): void => {
      if (this.#pending.delete(pending)) fire();
    };
    const timer = this.#system.start(delay, fireOnce);
    const pending: Pending = { due: this.now() + delay, timer, fireOnce };
    this.#pending.add(pending);
    return {
      cancel: () => {
        timer.cancel();
        this.#pending.delete(pending);
      },
    };
  }

  /** Fires what is due within `milliseconds` from now, in order; what that starts keeps its whole delay. */
  skip(milliseconds: number): void {
    const until = this.now() + milliseconds;
    this.#skipped += milliseconds;
    const due = [...this.#pending].filter((one) => one.due <= until);
    for (const { timer, fireOnce } of due.toSorted((a, b) => a.due - b.due)) {
      timer.cancel();
      fireOnce();
    }
  }
}

interface Pending {
  readonly due: number;
  readonly timer: Timer;
  readonly fireOnce: () => void;
}
