import { FRAME_SAMPLES, msToSamples, SAMPLE_RATE } from './pcm.ts';

export interface ToneOptions {
  /** Without end when not given. */
  readonly durationMs?: number;
  /** Amplitude, 0-1; 0.3 (about -10 dBFS), loud and never clipped. */
  readonly level?: number;
}

const FULL_SCALE = 32_767;

/** A sine, to play: `media.play(tone(440))`. Every iteration starts anew. */
export const tone = (hz: number, options: ToneOptions = {}): Iterable<Int16Array> => {
  const { durationMs = Number.POSITIVE_INFINITY, level = 0.3 } = options;
  return {
    *[Symbol.iterator]() {
      const total = msToSamples(durationMs);
      for (let at = 0; at < total; at += FRAME_SAMPLES) {
        yield sine(hz, level, at, Math.min(FRAME_SAMPLES, total - at));
      }
    },
  };
};

export interface Note {
  /** 0 is a rest. */
  readonly hz: number;
  readonly ms: number;
}

/** Notes with soft beginnings and ends. Play it with `{ loop: true }` for music on hold. */
export const tune = (
  notes: readonly Note[] = odeToJoy,
  { level = 0.3 }: { level?: number } = {},
): Iterable<Int16Array> => ({
  *[Symbol.iterator]() {
    for (const { hz, ms } of notes) {
      const note = sine(hz, level, 0, msToSamples(ms));
      const fade = Math.min(msToSamples(10), note.length >> 1);
      for (let i = 0; i < fade; i += 1) {
        const last = note.length - 1 - i;
        note[i] = ((note[i] ?? 0) * i) / fade;
        note[last] = ((note[last] ?? 0) * i) / fade;
      }
      yield note;
    }
  },
});

const sine = (hz: number, level: number, from: number, length: number): Int16Array => {
  const step = (2 * Math.PI * hz) / SAMPLE_RATE;
  return Int16Array.from({ length }, (_, i) =>
    Math.round(level * FULL_SCALE * Math.sin(step * (from + i))),
  );
};

/** Equal temperament: semitones above or below A at 440 Hz. */
const pitch = (semitones: number): number => 440 * 2 ** (semitones / 12);

const [c, d, e, f, g] = [-9, -7, -5, -4, -2].map(pitch);
const BEAT = 400;
const beats = (hz: number | undefined, count = 1): Note => ({ hz: hz ?? 0, ms: count * BEAT });

/** Beethoven, op. 125, fourth movement. */
export const odeToJoy: readonly Note[] = [
  ...[e, e, f, g, g, f, e, d, c, c, d, e].map((hz) => beats(hz)),
  ...[beats(e, 1.5), beats(d, 0.5), beats(d, 2)],
  ...[e, e, f, g, g, f, e, d, c, c, d, e].map((hz) => beats(hz)),
  ...[beats(d, 1.5), beats(c, 0.5), beats(c, 2)],
];
