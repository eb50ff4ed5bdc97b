import { closeSync, createWriteStream, openSync, type WriteStream, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { UsageError } from '@sipx/contracts';
import { pcmToBytes, SAMPLE_RATE } from './pcm.ts';
import { parseWav, telephonePcm, wavHeader } from './wav.ts';

/** 64 MiB: over an hour of telephone sound, six minutes of a compact disc's. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * A WAV file as samples to play, brought to one channel at 8 kHz.
 * Rejects with SIPX_WAV when it cannot be read, is too large (64 MiB unless `maxBytes` says other) or is none.
 */
export const readWavFile = async (
  path: string,
  { maxBytes = MAX_BYTES }: { readonly maxBytes?: number } = {},
): Promise<Int16Array> => {
  const bytes = await readUpTo(path, maxBytes);
  return telephonePcm(parseWav(bytes));
};

const readUpTo = async (path: string, maxBytes: number): Promise<Uint8Array> => {
  let size: number;
  try {
    const file = await open(path);
    try {
      ({ size } = await file.stat());
      if (size <= maxBytes) return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new UsageError('SIPX_WAV', `cannot read ${path}`, { cause });
  }
  throw new UsageError('SIPX_WAV', `${path} is too large`, {
    expected: `at most ${maxBytes} bytes`,
    got: `${size}`,
  });
};

/** The samples of a RIFF file are counted in 32 bits; what a reader takes as "to the end of the file". */
const UNTIL_END = 0xffff_ffff;
const HEADER_BYTES = 44;
const MAX_DATA = UNTIL_END - HEADER_BYTES - 1;

/** A WAV file that grows: 16-bit PCM, one channel, 8 kHz. Readable to its end even when it was never closed. */
export class WavFile {
  readonly path: string;
  readonly #file: number;
  readonly #stream: WriteStream;
  #bytes = 0;
  #failure: Error | undefined;
  #closed: Promise<void> | undefined;

  /** @throws UsageError SIPX_WAV when the file cannot be made */
  constructor(path: string) {
    this.path = path;
    try {
      this.#file = openSync(path, 'w');
      writeSync(this.#file, wavHeader('PCM16', SAMPLE_RATE, MAX_DATA));
    } catch (cause) {
      throw new UsageError('SIPX_WAV', `cannot write ${path}`, { cause });
    }
    this.#stream = createWriteStream('', {
      fd: this.#file,
      start: HEADER_BYTES,
      autoClose: false,
    });
    this.#stream.on('error', (error) => {
      this.#failure = error;
    });
  }

  append(pcm: Int16Array): void {
    if (this.#closed || this.#failure || this.#bytes + pcm.length * 2 > MAX_DATA) return;
    this.#bytes += pcm.length * 2;
    this.#stream.write(pcmToBytes(pcm));
  }

  /** Writes what waits and the true length. Idempotent; rejects with SIPX_WAV when something was not written. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    try {
      if (!this.#failure) {
        await new Promise<void>((done) => {
          this.#stream.once('error', () => done());
          this.#stream.end(done);
        });
      }
      if (this.#failure) throw this.#failure;
      writeSync(this.#file, wavHeader('PCM16', SAMPLE_RATE, this.#bytes), 0, HEADER_BYTES, 0);
    } catch (cause) {
      throw new UsageError('SIPX_WAV', `could not finish ${this.path}`, { cause });
    } finally {
      closeSync(this.#file);
    }
  }
}
