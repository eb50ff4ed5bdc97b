/** Everything here is 16-bit linear mono at 8 kHz: what G.711 carries. */
export const SAMPLE_RATE = 8000;
/** One packet's worth: the default of RFC 3551 4.5.14, and of every phone. */
export const FRAME_MS = 20;
export const FRAME_SAMPLES: number = (SAMPLE_RATE * FRAME_MS) / 1000;

export const samplesToMs = (samples: number): number => (samples * 1000) / SAMPLE_RATE;
export const msToSamples = (ms: number): number => Math.round((ms * SAMPLE_RATE) / 1000);

/** Little-endian bytes, as WAV files and audio tools have them, whatever the machine's own order. */
export const pcmToBytes = (pcm: Int16Array): Uint8Array => {
  const bytes = new Uint8Array(pcm.length * 2);
  for (let i = 0; i < pcm.length; i += 1) {
    const sample = pcm[i] ?? 0;
    bytes[2 * i] = sample;
    bytes[2 * i + 1] = sample >> 8;
  }
  return bytes;
};

/** The reverse of `pcmToBytes`; an odd last byte is left out. */
export const bytesToPcm = (bytes: Uint8Array): Int16Array => {
  const pcm = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < pcm.length; i += 1) {
    pcm[i] = (bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8);
  }
  return pcm;
};

export const joinPcm = (parts: readonly Int16Array[]): Int16Array => {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
