import { FRAME_SAMPLES, msToSamples, samplesToMs } from './pcm.ts';

/** Two seconds, a power of two: room for a burst after a stall. Further ahead is another stream. */
const CAPACITY = 16_384;
/** Packets in a row outside the buffer before it is believed that the sender's timestamps have moved. */
const STRIKES = 3;

/**
 * A fixed jitter buffer: a stretch of time into which samples are written where their timestamp says, and from
 * which the loudspeaker reads a frame at a time, `delayMs` behind. Order, repetition and packet length need no
 * care; what did not come in time is silence.
 */
export class JitterBuffer {
  /** Packets that came after their time. */
  late = 0;

  readonly #delay: number;
  readonly #samples: Int16Array = new Int16Array(CAPACITY);
  readonly #filled: Uint8Array = new Uint8Array(CAPACITY);
  #concealed = 0;
  #playhead: number | undefined; // the timestamp that is read next
  #begun = false;
  #startAt = 0;
  #strikes = 0;

  constructor({ delayMs = 60 }: { delayMs?: number } = {}) {
    this.#delay = delayMs;
  }

  /** Milliseconds of silence that were read where nothing had come. */
  get concealedMs(): number {
    return samplesToMs(this.#concealed);
  }

  /**
   * False: too late or too far ahead, dropped.
   * @param now milliseconds @param marker the sender says that a new stretch of sound begins (RFC 3551 4.1)
   */
  write(timestamp: number, pcm: Int16Array, now: number, marker = false): boolean {
    if (pcm.length > CAPACITY / 2) return false;
    if (this.#playhead === undefined) this.#startFrom(timestamp, now);
    let lead = this.#lead(timestamp);

    // Nothing read yet, and a packet that the first one overtook: begin with it.
    if (!this.#begun && lead < 0 && lead >= -msToSamples(this.#delay)) {
      this.#playhead = timestamp;
      lead = 0;
    }

    const outside = lead + pcm.length <= 0 || lead + pcm.length > CAPACITY;
    if (outside) {
      this.#strikes += 1;
      if (!marker && this.#strikes < STRIKES) {
        if (lead < 0) this.late += 1;
        return false;
      }
      this.#startFrom(timestamp, now);
      lead = 0;
    }
    this.#strikes = 0;

    for (let i = Math.max(0, -lead); i < pcm.length; i += 1) {
      const at = (timestamp + i) & (CAPACITY - 1);
      this.#samples[at] = pcm[i] ?? 0;
      this.#filled[at] = 1;
    }
    return true;
  }

  /** The next 20 ms. Undefined until the first packet has waited out the delay. */
  read(now: number): Int16Array | undefined {
    if (this.#playhead === undefined) return undefined;
    if (now < this.#startAt) {
      if (!this.#begun) return undefined;
      this.#concealed += FRAME_SAMPLES;
      return new Int16Array(FRAME_SAMPLES);
    }
    this.#begun = true;
    const frame = new Int16Array(FRAME_SAMPLES);
    for (let i = 0; i < FRAME_SAMPLES; i += 1) {
      const at = (this.#playhead + i) & (CAPACITY - 1);
      if (this.#filled[at]) frame[i] = this.#samples[at] ?? 0;
      else this.#concealed += 1;
      this.#filled[at] = 0;
    }
    this.#playhead = (this.#playhead + FRAME_SAMPLES) >>> 0;
    return frame;
  }

  #startFrom(timestamp: number, now: number): void {
    this.#filled.fill(0);
    this.#playhead = timestamp;
    this.#startAt = now + this.#delay;
    this.#strikes = 0;
  }

  /** Samples between the playhead and a timestamp, negative when it has been played: 32-bit arithmetic. */
  #lead(timestamp: number): number {
    return (timestamp - (this.#playhead ?? timestamp)) | 0;
  }
}
