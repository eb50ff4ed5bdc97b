import type { Clock } from '@sipx/contracts';
import { EventHandler } from '@sipx/handlers';
import { seededRandom } from '@sipx/testing';

/** Holds some messages back, as a handler that asks a database would. */
export class SlowHandler extends EventHandler {
  readonly #clock: Clock;
  readonly #longest: number;
  readonly #random: () => number;

  /** @param longest in milliseconds */
  constructor(clock: Clock, longest: number, seed: string) {
    super();
    this.#clock = clock;
    this.#longest = longest;
    this.#random = seededRandom(`handler ${seed}`);
  }

  override onRequest(): void | Promise<void> {
    return this.#hold();
  }

  override onResponse(): void | Promise<void> {
    return this.#hold();
  }

  #hold(): void | Promise<void> {
    if (this.#random() < 0.5) return;
    const ms = this.#random() * this.#longest;
    return new Promise((resolve) => void this.#clock.start(ms, resolve));
  }
}
