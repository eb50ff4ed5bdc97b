import { type SIPXError, UsageError } from '@sipx/contracts';
import { type FrameReader, type NextFrame, type PCMSource, readFrames } from './pcm-source.ts';
import { readWavFile } from './wav-file.ts';

export interface PlayOptions {
  /** Begin again at the end: files, samples and generators; streams just end. */
  readonly loop?: boolean;
  /** Stops it; the promise of `play` then resolves. */
  readonly signal?: AbortSignal;
}

interface Playing {
  readonly reader: FrameReader;
  readonly done: () => void;
  readonly failed: (error: SIPXError) => void;
}

/** What is heard at the other end: one source at a time, silence without any. */
export class Player {
  #playing: Playing | undefined;
  #turn = 0; // counts the calls: a file that was being read may find that another source came
  #closed = false;

  /** Takes the place of what played before, whose promise resolves. */
  async play(source: PCMSource | string, options: PlayOptions = {}): Promise<void> {
    this.stop();
    this.#turn += 1;
    const turn = this.#turn;
    const pcm = typeof source === 'string' ? await readWavFile(source) : source;
    if (turn !== this.#turn || this.#closed || options.signal?.aborted) return;

    const stop = (): void => {
      if (turn === this.#turn) this.stop();
    };
    options.signal?.addEventListener('abort', stop);
    try {
      await new Promise<void>((done, failed) => {
        this.#playing = { reader: readFrames(pcm, options), done, failed };
      });
    } finally {
      options.signal?.removeEventListener('abort', stop);
    }
  }

  /** The next 20 ms; undefined when nothing plays or nothing is there yet. */
  next(): Int16Array | undefined {
    if (!this.#playing) return undefined;
    const { reader, failed } = this.#playing;
    let frame: NextFrame;
    try {
      frame = reader.next();
    } catch (cause) {
      this.#playing = undefined;
      failed(new UsageError('SIPX_MEDIA', 'the source of what is played failed', { cause }));
      return undefined;
    }
    if (frame === 'end') this.stop();
    return typeof frame === 'string' ? undefined : frame;
  }

  stop(): void {
    const playing = this.#playing;
    this.#playing = undefined;
    playing?.reader.stop();
    playing?.done();
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }
}
