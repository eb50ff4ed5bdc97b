import { joinPcm, msToSamples, samplesToMs } from './pcm.ts';
import { WavFile } from './wav-file.ts';

/** Where heard sound goes: a WAV file's path, or a function that takes each 20 ms. */
export type PCMSink = string | ((frame: Int16Array) => void);

export interface Recording {
  /** What was recorded so far. */
  readonly durationMs: number;
  /** Ends it; the session's end does too. Idempotent. A file rejects with SIPX_WAV when it is not whole. */
  stop(): Promise<void>;
}

export interface MemoryRecording extends Recording {
  /** What was heard so far, of the first hour. */
  readonly pcm: Int16Array;
}

/** The session's side of a recording. */
export interface Recorder {
  readonly recording: Recording;
  take(frame: Int16Array): void;
}

/** @param ended called once, when `stop` is @throws UsageError SIPX_WAV when a file cannot be made */
export const recordTo = (sink: PCMSink, ended: (recorder: Recorder) => void): Recorder => {
  const file = typeof sink === 'string' ? new WavFile(sink) : undefined;
  const write = typeof sink === 'string' ? undefined : sink;
  let samples = 0;
  const recorder: Recorder = {
    recording: {
      get durationMs() {
        return samplesToMs(samples);
      },
      async stop() {
        ended(recorder);
        await file?.close();
      },
    },
    take(frame) {
      samples += frame.length;
      file?.append(frame);
      write?.(frame);
    },
  };
  return recorder;
};

const LONGEST = msToSamples(3_600_000);

export const recordInMemory = (
  ended: (recorder: Recorder) => void,
): Recorder & { readonly recording: MemoryRecording } => {
  let frames: Int16Array[] = [];
  let samples = 0;
  const recorder = {
    recording: {
      get durationMs(): number {
        return samplesToMs(samples);
      },
      get pcm(): Int16Array {
        // Joined once, and the pieces are not kept beside it.
        if (frames.length > 1) frames = [joinPcm(frames)];
        return frames[0] ?? new Int16Array(0);
      },
      async stop(): Promise<void> {
        ended(recorder);
      },
    },
    take(frame: Int16Array): void {
      if (samples >= LONGEST) return;
      frames.push(frame);
      samples += frame.length;
    },
  };
  return recorder;
};
