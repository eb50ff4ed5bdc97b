import { FrameQueue } from './frame-queue.ts';
import { bytesToPcm, FRAME_SAMPLES } from './pcm.ts';

/**
 * What can be played: samples, pieces of samples (an array, a generator, `tone(440)`), or a stream. A `Readable`
 * of little-endian 16-bit mono bytes at 8 kHz is one, with pieces of any length.
 */
export type PCMSource = Int16Array | Iterable<Int16Array> | AsyncIterable<Int16Array | Uint8Array>;

/** A frame; `wait`: none yet, silence goes out instead; `end`: no more. */
export type NextFrame = Int16Array | 'wait' | 'end';

export interface FrameReader {
  /** Throws what the source threw. */
  next(): NextFrame;
  /** Lets the source go; no `next` follows. */
  stop(): void;
}

/** @param loop begin again at the end; streams cannot and end */
export const readFrames = (
  source: PCMSource,
  { loop = false }: { readonly loop?: boolean } = {},
): FrameReader => {
  if (source instanceof Int16Array) {
    return new IterableReader(source.length > 0 ? [source] : [], loop);
  }
  return Symbol.asyncIterator in source
    ? new StreamReader(source)
    : new IterableReader(source, loop);
};

class IterableReader implements FrameReader {
  readonly #source: Iterable<Int16Array>;
  readonly #loop: boolean;
  readonly #queue: FrameQueue = new FrameQueue();
  #pieces: Iterator<Int16Array> | undefined;
  #empty = true; // nothing came in this pass: looping on would never end

  constructor(source: Iterable<Int16Array>, loop: boolean) {
    this.#source = source;
    this.#loop = loop;
    this.#pieces = source[Symbol.iterator]();
  }

  next(): NextFrame {
    for (;;) {
      const frame = this.#queue.take();
      if (frame) return frame;
      const piece = this.#pieces?.next();
      if (piece && !piece.done) {
        if (piece.value.length === 0) return 'wait';
        this.#empty = false;
        this.#queue.push(piece.value);
      } else if (this.#loop && !this.#empty) {
        this.#pieces = this.#source[Symbol.iterator]();
        this.#empty = true;
      } else {
        this.#pieces = undefined;
        return this.#queue.takeRest() ?? 'end';
      }
    }
  }

  stop(): void {
    this.#pieces?.return?.();
    this.#pieces = undefined;
  }
}

/** Read ahead of time, in samples: 200 ms. */
const AHEAD = 10 * FRAME_SAMPLES;

class StreamReader implements FrameReader {
  readonly #pieces: AsyncIterator<Int16Array | Uint8Array>;
  readonly #queue: FrameQueue = new FrameQueue();
  #odd: number | undefined; // half a sample at the end of a piece of bytes
  #state: 'reading' | 'ended' | 'stopped' | { threw: unknown } = 'reading';
  #goOn: (() => void) | undefined;

  constructor(source: AsyncIterable<Int16Array | Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
    void this.#readAhead();
  }

  next(): NextFrame {
    const frame = this.#queue.take();
    if (this.#queue.samples < AHEAD) this.#goOn?.();
    if (frame) return frame;
    if (this.#state === 'reading') return 'wait';
    if (typeof this.#state === 'object') throw this.#state.threw;
    return this.#queue.takeRest() ?? 'end';
  }

  stop(): void {
    this.#state = 'stopped';
    this.#goOn?.();
    // The stream may fail while it is let go: nobody is left to hear of it.
    void Promise.resolve(this.#pieces.return?.()).catch(() => {});
  }

  async #readAhead(): Promise<void> {
    try {
      while (this.#state === 'reading') {
        const { done, value } = await this.#pieces.next();
        if (done) break;
        this.#queue.push(value instanceof Int16Array ? value : this.#samplesOf(value));
        while (this.#queue.samples >= AHEAD && this.#state === 'reading') {
          await new Promise<void>((goOn) => {
            this.#goOn = goOn;
          });
        }
      }
      if (this.#state === 'reading') this.#state = 'ended';
    } catch (threw) {
      this.#state = { threw };
    }
  }

  #samplesOf(bytes: Uint8Array): Int16Array {
    let whole = bytes;
    if (this.#odd !== undefined) {
      whole = new Uint8Array(bytes.length + 1);
      whole[0] = this.#odd;
      whole.set(bytes, 1);
    }
    this.#odd = whole.length % 2 === 1 ? whole[whole.length - 1] : undefined;
    return bytesToPcm(whole);
  }
}
