import { FRAME_SAMPLES } from './pcm.ts';

/** Samples in pieces of any length go in, frames of 20 ms come out. */
export class FrameQueue {
  readonly #pieces: Int16Array[] = [];
  #offset = 0; // samples of the first piece that are gone
  #samples = 0;

  get samples(): number {
    return this.#samples;
  }

  push(piece: Int16Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#samples += piece.length;
  }

  /** Undefined while there is less than a frame. */
  take(): Int16Array | undefined {
    return this.#samples < FRAME_SAMPLES ? undefined : this.#cut();
  }

  /** What is left, filled up with silence; undefined when nothing is. */
  takeRest(): Int16Array | undefined {
    return this.#samples === 0 ? undefined : this.#cut();
  }

  #cut(): Int16Array {
    const frame = new Int16Array(FRAME_SAMPLES);
    let have = 0;
    for (let piece = this.#pieces[0]; piece && have < FRAME_SAMPLES; piece = this.#pieces[0]) {
      const part = piece.subarray(this.#offset, this.#offset + FRAME_SAMPLES - have);
      frame.set(part, have);
      have += part.length;
      this.#offset += part.length;
      if (this.#offset === piece.length) {
        this.#pieces.shift();
        this.#offset = 0;
      }
    }
    this.#samples -= have;
    return frame;
  }
}
