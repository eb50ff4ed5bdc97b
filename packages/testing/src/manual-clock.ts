import { type Clock, type Timer, UsageError } from '@sipx/contracts';

/** More timers than this in one move is a timer that starts itself again without delay. */
const RUNAWAY = 1_000_000;

/**
 * Time that a test moves by hand. Timers fire at their exact deadline, in the order of deadlines and, at the
 * same one, in the order in which they were started.
 */
export class ManualClock implements Clock {
  /** Latest first, so that the next one is taken from the end. */
  readonly #waiting: Waiting[] = [];
  readonly #epoch: number;
  #now = 0;
  #started = 0;

  /** @param options `epoch`: wall time (ms since 1970) at the start; the first of 2026 when not given. */
  constructor({ epoch = 1_767_225_600_000 }: { readonly epoch?: number } = {}) {
    this.#epoch = epoch;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#epoch + this.#now;
  }

  start(delay: number, fire: () => void): Timer {
    this.#started += 1;
    const entry: Waiting = { due: this.#now + Math.max(0, delay), order: this.#started, fire };
    this.#waiting.splice(this.#position(entry), 0, entry);
    return {
      cancel: () => {
        const at = this.#position(entry);
        if (this.#waiting[at] === entry) this.#waiting.splice(at, 1);
      },
    };
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** When the next timer is due, as `now()` will tell it. */
  get next(): number | undefined {
    return this.#waiting.at(-1)?.due;
  }

  /**
   * Moves time and fires what falls due, timers started on the way included. Promises do not settle between.
   * An error that a timer throws comes out here, with time standing at that timer.
   */
  advance(ms: number): void {
    const target = this.#now + ms;
    for (let fired = 0; this.#fireNext(target); fired += 1) refuseRunaway(fired);
    this.#now = target;
  }

  /** As `advance`, and lets promises settle before, between and after the timers. */
  async runFor(ms: number): Promise<void> {
    const target = this.#now + ms;
    await settle();
    for (let fired = 0; this.#fireNext(target); fired += 1) {
      refuseRunaway(fired);
      await settle();
    }
    this.#now = target;
    await settle();
  }

  /**
   * Moves time from timer to timer until the promise settles, and settles as it did.
   * @throws UsageError SIPX_USAGE_STATE when no timer is left, or none within `within` ms, and it has not settled
   */
  async runUntil<T>(promise: Promise<T>, within = 3_600_000): Promise<T> {
    const target = this.#now + within;
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    promise.then(done, done);
    await settle();
    for (let fired = 0; !settled; fired += 1) {
      refuseRunaway(fired);
      if (!this.#fireNext(target)) {
        throw new UsageError(
          'SIPX_USAGE_STATE',
          'the promise waits for something that is no timer',
          {
            expected: `a timer within ${within} ms`,
            got: `${this.pending} timers, the next at ${this.next ?? 'no time'}`,
          },
        );
      }
      await settle();
    }
    return promise;
  }

  #fireNext(target: number): boolean {
    const entry = this.#waiting.at(-1);
    if (!entry || entry.due > target) return false;
    this.#waiting.pop();
    this.#now = Math.max(this.#now, entry.due);
    entry.fire();
    return true;
  }

  /** Where the entry is, or would be. */
  #position(entry: Waiting): number {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#waiting[middle];
      if (other && isLater(other, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Waiting {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
}

const isLater = (a: Waiting, b: Waiting): boolean =>
  a.due === b.due ? a.order > b.order : a.due > b.due;

/** A whole turn of the event loop: however long a chain of promises is, it has run by then. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const refuseRunaway = (fired: number): void => {
  if (fired < RUNAWAY) return;
  throw new UsageError('SIPX_USAGE_STATE', 'timers start each other without end', {
    expected: `fewer than ${RUNAWAY} timers in one move`,
  });
};
