import { SAMPLE_RATE } from './pcm.ts';

/** A quarter of a second: enough to tell neighbouring semitones apart, short enough to sit between two losses. */
const WINDOW = 2048;
const LOWEST = 50;
const HIGHEST = 3800;
/** Root mean square below which there is only line noise, -60 dBFS. */
const SILENCE = 32;
/** Of all energy in the window, what a tone at least has; white noise gives any one frequency under 1%. */
const PROMINENT = 0.1;

/**
 * The strongest frequency between 50 and 3,800 Hz, in Hz, to a fraction of one for a steady tone; 0 when there is
 * silence or noise. Looks at the loudest quarter second, so that silence before and after does no harm.
 */
export const measureFrequency = (pcm: Int16Array): number => {
  const window = loudest(pcm);
  if (Math.sqrt(meanSquare(window)) < SILENCE) return 0;

  // The window makes a peak four bins wide: one bin apart none is missed, and it is smooth up to its top.
  const step = SAMPLE_RATE / window.length;
  let best = 0;
  let share = 0;
  for (let hz = LOWEST; hz <= HIGHEST; hz += step) {
    const here = shapedShare(window, hz);
    if (here > share) [best, share] = [hz, here];
  }
  if (share < PROMINENT) return 0;

  let [low, high] = [best - step, best + step];
  while (high - low > 0.01) {
    const third = (high - low) / 3;
    if (shapedShare(window, low + third) < shapedShare(window, high - third)) low += third;
    else high -= third;
  }
  return (low + high) / 2;
};

/** How much of the sound is this tone, 0-1: near 1 for the tone alone. Goertzel's algorithm, over all of `pcm`. */
export const toneShare = (pcm: Int16Array, hz: number): number => {
  const energy = meanSquare(pcm) * pcm.length;
  return energy === 0 ? 0 : Math.min(1, (2 * power(pcm, hz)) / (energy * pcm.length));
};

/** `toneShare` of samples that were shaped by a Hann window, which keeps a loud neighbour out of the way. */
const shapedShare = (shaped: Float64Array, hz: number): number => {
  const energy = meanSquare(shaped) * shaped.length;
  // The window's sum is n/2, and the sum of its squares 3n/8.
  return energy === 0 ? 0 : (3 * power(shaped, hz)) / (energy * shaped.length);
};

/** Squared magnitude of the spectrum at one frequency. */
const power = (samples: Int16Array | Float64Array, hz: number): number => {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
  let one = 0;
  let two = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const next = (samples[i] ?? 0) + turn * one - two;
    two = one;
    one = next;
  }
  return one * one + two * two - turn * one * two;
};

const meanSquare = (samples: Int16Array | Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += (samples[i] ?? 0) ** 2;
  return samples.length === 0 ? 0 : sum / samples.length;
};

const loudest = (pcm: Int16Array): Float64Array => {
  const length = Math.min(WINDOW, pcm.length);
  let start = 0;
  let loudness = -1;
  for (let at = 0; at + length <= pcm.length; at += WINDOW / 8) {
    const here = meanSquare(pcm.subarray(at, at + length));
    if (here > loudness) [start, loudness] = [at, here];
  }
  return Float64Array.from(
    pcm.subarray(start, start + length),
    (sample, i) => (sample * (1 - Math.cos((2 * Math.PI * i) / length))) / 2,
  );
};
