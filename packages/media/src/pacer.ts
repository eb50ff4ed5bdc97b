import type { Clock, Timer } from '@sipx/contracts';

/** Behind by more than this (a suspended laptop) the missed ticks are skipped, not made up for. */
const MAX_CATCH_UP_MS = 1000;

/**
 * Ticks at start + n · interval of the clock, whatever the clock's own grain: each due time is computed from the
 * start, so that a late timer delays one tick and never the pace.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #tick: (skipped: number) => void;
  #due = 0;
  #timer: Timer | undefined;

  /** @param tick is told how many ticks before it were skipped @param interval milliseconds */
  constructor(clock: Clock, interval: number, tick: (skipped: number) => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#tick = tick;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** The first tick comes one interval from now. Does nothing when running. */
  start(): void {
    if (this.#timer) return;
    this.#due = this.#clock.now() + this.#interval;
    this.#wait();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(): void {
    const delay = Math.max(0, this.#due - this.#clock.now());
    this.#timer = this.#clock.start(delay, () => this.#fire());
  }

  // One tick a turn even when several are due: between turns the sockets are read, so that after a stall what
  // came meanwhile is there when its turn is.
  #fire(): void {
    const behind = this.#clock.now() - this.#due;
    if (behind < 0) return this.#wait();
    const skipped = behind > MAX_CATCH_UP_MS ? Math.floor(behind / this.#interval) : 0;
    this.#due += (skipped + 1) * this.#interval;
    this.#wait();
    this.#tick(skipped);
  }
}
