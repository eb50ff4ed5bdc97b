import type { RacePhone } from './race-phone.ts';

/**
 * Whether caller and called sides agree: both up, in the same dialog and in that one alone, or both down. They may
 * differ for as long as a message and its repetitions may take, and no longer.
 */
export class Agreement {
  /** The first disagreement that lasted too long. */
  worst: string | undefined;
  readonly #bound: number;
  #last = 0;
  #since: number | undefined;
  #isPardoned = false;

  /** @param bound in milliseconds */
  constructor(bound: number) {
    this.#bound = bound;
  }

  /** What it finds has been so since the last look. */
  look(now: number, phones: readonly RacePhone[]): void {
    const begun = this.#last;
    this.#last = now;
    if (this.#isPardoned) return;
    const up = (direction: string): string[] =>
      phones.flatMap(({ calls }) =>
        calls
          .filter(({ call }) => call.direction === direction && call.state === 'confirmed')
          .map(({ tag }) => tag ?? ''),
      );
    const [callers, callees] = [up('outgoing'), up('incoming')];
    const agrees = callers.length === callees.length && callers[0] === callees[0];
    if (agrees) {
      this.#since = undefined;
      return;
    }
    this.#since ??= begun;
    if (now - this.#since > this.#bound) {
      this.worst ??= `half since ${this.#since.toFixed(0)}: caller up with ${show(callers)}, called up ${show(callees)}`;
    }
  }

  pardon(): void {
    this.#isPardoned = true;
  }
}

const show = (tags: readonly string[]): string =>
  tags.length === 0 ? 'nobody' : tags.join(' and ');
