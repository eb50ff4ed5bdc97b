import { SAMPLE_RATE } from './pcm.ts';

/** RFC 3550 A.1: a jump of more than this is no loss but a restart, once a second packet confirms it. */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;
const SEQUENCES = 0x1_0000;
/** Packets remembered to recognise a repeated one; more than ten seconds of 20 ms packets. */
const WINDOW = 1024;

/** What one source's packets tell: how many came, how many did not, how unevenly (RFC 3550 A.1, A.3, A.8). */
export class Reception {
  received = 0;
  duplicated = 0;

  #highest: number | undefined; // extended: the cycles are in it
  #base = 0;
  #expectedBefore = 0;
  #restart: number | undefined;
  readonly #seen: Float64Array = new Float64Array(WINDOW).fill(-1);

  #transit: number | undefined;
  #jitter = 0; // in timestamp units

  /** Packets that should have come by now and have not. */
  get lost(): number {
    if (this.#highest === undefined) return 0;
    const expected = this.#expectedBefore + this.#highest - this.#base + 1;
    return Math.max(0, expected - this.received);
  }

  /** The interarrival jitter of RFC 3550 6.4.1, in milliseconds. */
  get jitterMs(): number {
    return (this.#jitter * 1000) / SAMPLE_RATE;
  }

  /** False: a duplicate, or a stray far from the sequence; the packet is not to be used. */
  count(sequence: number): boolean {
    const extended = this.#extend(sequence);
    if (extended === undefined) return false;
    const slot = ((extended % WINDOW) + WINDOW) % WINDOW;
    if (this.#seen[slot] === extended) {
      this.duplicated += 1;
      return false;
    }
    this.#seen[slot] = extended;
    this.received += 1;
    return true;
  }

  /** For packets whose timestamp is their time: not those of a telephone-event, which all carry its start. */
  time(timestamp: number, arrivalMs: number): void {
    const transit = (arrivalMs * SAMPLE_RATE) / 1000 - timestamp;
    if (this.#transit !== undefined) {
      // The timestamp wraps at 32 bits; the difference is taken modulo that.
      const apart = transit - this.#transit;
      const difference = Math.abs(apart - Math.round(apart / 2 ** 32) * 2 ** 32);
      this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  #extend(sequence: number): number | undefined {
    if (this.#highest === undefined) {
      this.#base = SEQUENCES + sequence; // a first packet that was overtaken still has a place below
      this.#highest = this.#base;
      return this.#highest;
    }
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead < MAX_DROPOUT) {
      this.#restart = undefined;
      this.#highest += ahead;
      return this.#highest;
    }
    if (ahead >= SEQUENCES - MAX_MISORDER) {
      const extended = this.#highest - (SEQUENCES - ahead);
      this.#base = Math.min(this.#base, extended);
      return extended;
    }
    if (sequence !== this.#restart) {
      this.#restart = (sequence + 1) & 0xffff;
      return undefined;
    }
    this.#expectedBefore += this.#highest - this.#base + 1;
    this.#restart = undefined;
    this.#base = this.#highest + ((sequence - this.#highest) & 0xffff);
    this.#highest = this.#base;
    this.#transit = undefined;
    return this.#highest;
  }
}
