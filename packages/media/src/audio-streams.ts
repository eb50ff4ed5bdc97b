import { PassThrough, Readable } from 'node:stream';
import { pcmToBytes, SAMPLE_RATE } from './pcm.ts';
import type { Recorder } from './recording.ts';

/** Two seconds: a reader that is slower than sound loses some, the call does not wait for it. */
const MAX_WAITING = 2 * 2 * SAMPLE_RATE;

/** What is heard as a stream of little-endian 16-bit samples, 320 bytes a frame. */
export const heardStream = (
  ended: (recorder: Recorder) => void,
): { stream: Readable; recorder: Recorder } => {
  let bytes = 0;
  const stream = new Readable({ read() {} });
  const recorder: Recorder = {
    recording: {
      get durationMs() {
        return (bytes / 2 / SAMPLE_RATE) * 1000;
      },
      async stop() {
        ended(recorder);
        stream.push(null);
      },
    },
    take(frame) {
      bytes += frame.length * 2;
      if (!stream.destroyed && stream.readableLength < MAX_WAITING) stream.push(pcmToBytes(frame));
    },
  };
  stream.once('close', () => ended(recorder));
  return { stream, recorder };
};

/** Holds 200 ms; a writer waits while it is full. */
export const spokenStream = (): PassThrough => new PassThrough({ highWaterMark: 3200 });
