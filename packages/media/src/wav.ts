import { type ErrorDetails, ProtocolError, UsageError } from '@sipx/contracts';
import { pcma, pcmu } from './g711.ts';
import { bytesToPcm, pcmToBytes, SAMPLE_RATE } from './pcm.ts';

export type WavEncoding = 'PCM16' | 'PCMU' | 'PCMA';

export interface Wav {
  readonly encoding: WavEncoding;
  /** Samples a second, 1-384,000. */
  readonly sampleRate: number;
  /** 1-32 */
  readonly channels: number;
  /** Interleaved when there are several channels. */
  readonly samples: Int16Array;
}

const MAX_RATE = 384_000;
const MAX_CHANNELS = 32;
/** WAVE_FORMAT_PCM, ALAW, MULAW; EXTENSIBLE has one of them at the head of its GUID. */
const ENCODINGS: Readonly<Record<number, WavEncoding>> = { 1: 'PCM16', 6: 'PCMA', 7: 'PCMU' };
const TAGS: Readonly<Record<WavEncoding, number>> = { PCM16: 1, PCMA: 6, PCMU: 7 };
const EXTENSIBLE = 0xfffe;

/**
 * Reads a WAV file of 16-bit PCM, µ-law or A-law, its chunks in any order, those not known passed over. A data
 * chunk that claims more than there is (a recording cut short, a stream) is taken as far as it goes.
 * @throws ProtocolError SIPX_WAV
 */
export const parseWav = (bytes: Uint8Array): Wav => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || name(bytes, 0) !== 'RIFF' || name(bytes, 8) !== 'WAVE') {
    throw fault('not a WAV file', { expected: 'RIFF … WAVE', got: quote(bytes.subarray(0, 12)) });
  }

  let format: Format | undefined;
  let data: Uint8Array | undefined;
  for (let at = 12; at + 8 <= bytes.length && !(format && data); ) {
    const size = view.getUint32(at + 4, true);
    const content = bytes.subarray(at + 8, at + 8 + size);
    const chunk = name(bytes, at);
    if (chunk === 'fmt ') format = readFormat(content);
    else if (chunk === 'data') data = content;
    at += 8 + size + (size % 2); // chunks begin at even places
  }
  if (!format) throw fault('a WAV file without a format', { expected: 'a fmt chunk' });
  if (!data) throw fault('a WAV file without samples', { expected: 'a data chunk' });

  const samples = decode(format.encoding, data);
  const whole = samples.length - (samples.length % format.channels);
  return { ...format, samples: samples.subarray(0, whole) };
};

/**
 * A WAV file of one channel.
 * @throws UsageError SIPX_USAGE for a sample rate out of range
 */
export const writeWav = (
  pcm: Int16Array,
  options: { readonly encoding?: WavEncoding; readonly sampleRate?: number } = {},
): Uint8Array => {
  const { encoding = 'PCM16', sampleRate = SAMPLE_RATE } = options;
  const data = encode(encoding, pcm);
  const header = wavHeader(encoding, sampleRate, data.length);
  const bytes = new Uint8Array(header.length + data.length + (data.length % 2));
  bytes.set(header);
  bytes.set(data, header.length);
  return bytes;
};

/** The 44 or 58 octets before the samples: of one channel, `dataBytes` long. */
export const wavHeader = (
  encoding: WavEncoding,
  sampleRate: number,
  dataBytes: number,
): Uint8Array => {
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > MAX_RATE) {
    throw new UsageError('SIPX_USAGE', 'not a sample rate', {
      expected: `1-${MAX_RATE}`,
      got: String(sampleRate),
    });
  }
  const width = encoding === 'PCM16' ? 2 : 1;
  // Anything but PCM has an extension's size and a fact chunk with the number of samples.
  const extra = width === 2 ? 0 : 14;
  const header = new Uint8Array(44 + extra);
  const view = new DataView(header.buffer);
  const put = (at: number, text: string): void => header.set(new TextEncoder().encode(text), at);

  put(0, 'RIFF');
  view.setUint32(4, header.length - 8 + dataBytes + (dataBytes % 2), true);
  put(8, 'WAVEfmt ');
  view.setUint32(16, extra ? 18 : 16, true);
  view.setUint16(20, TAGS[encoding], true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * width, true);
  view.setUint16(32, width, true);
  view.setUint16(34, width * 8, true);
  if (extra) {
    put(38, 'fact');
    view.setUint32(42, 4, true);
    view.setUint32(46, dataBytes, true);
  }
  put(header.length - 8, 'data');
  view.setUint32(header.length - 4, dataBytes, true);
  return header;
};

/**
 * For a telephone: one channel at 8 kHz. Channels are averaged; a higher rate is averaged over each new sample's
 * span, a lower one interpolated. Plain, and good enough for a voice prompt.
 */
export const telephonePcm = ({ samples, channels, sampleRate }: Wav): Int16Array => {
  const mono = channels === 1 ? samples : mixDown(samples, channels);
  if (sampleRate === SAMPLE_RATE) return mono;

  const span = sampleRate / SAMPLE_RATE;
  const length = Math.floor(mono.length / span);
  return Int16Array.from({ length }, (_, i) => {
    const from = i * span;
    if (span <= 1) {
      const [a, b] = [Math.floor(from), Math.min(mono.length - 1, Math.floor(from) + 1)];
      return Math.round((mono[a] ?? 0) + ((mono[b] ?? 0) - (mono[a] ?? 0)) * (from - a));
    }
    let sum = 0;
    const [first, end] = [
      Math.floor(from),
      Math.max(Math.floor(from + span), Math.floor(from) + 1),
    ];
    for (let k = first; k < end; k += 1) sum += mono[k] ?? 0;
    return Math.round(sum / (end - first));
  });
};

interface Format {
  readonly encoding: WavEncoding;
  readonly sampleRate: number;
  readonly channels: number;
}

const readFormat = (chunk: Uint8Array): Format => {
  if (chunk.length < 16) {
    throw fault('a WAV format too short', { expected: '16 octets', got: String(chunk.length) });
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const tag = view.getUint16(0, true);
  const encoding =
    ENCODINGS[tag === EXTENSIBLE && chunk.length >= 26 ? view.getUint16(24, true) : tag];
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const bits = view.getUint16(14, true);
  if (!encoding || bits !== (encoding === 'PCM16' ? 16 : 8)) {
    throw fault('a WAV format that is not supported', {
      expected: '16-bit PCM, µ-law or A-law',
      got: `format ${tag}, ${bits} bits`,
    });
  }
  if (channels < 1 || channels > MAX_CHANNELS || sampleRate < 1 || sampleRate > MAX_RATE) {
    throw fault('a WAV format out of range', {
      expected: `1-${MAX_CHANNELS} channels at 1-${MAX_RATE} Hz`,
      got: `${channels} at ${sampleRate} Hz`,
    });
  }
  return { encoding, sampleRate, channels };
};

const decode = (encoding: WavEncoding, data: Uint8Array): Int16Array =>
  encoding === 'PCM16' ? bytesToPcm(data) : (encoding === 'PCMU' ? pcmu : pcma).decode(data);

const encode = (encoding: WavEncoding, pcm: Int16Array): Uint8Array =>
  encoding === 'PCM16' ? pcmToBytes(pcm) : (encoding === 'PCMU' ? pcmu : pcma).encode(pcm);

const mixDown = (samples: Int16Array, channels: number): Int16Array =>
  Int16Array.from({ length: samples.length / channels }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < channels; k += 1) sum += samples[i * channels + k] ?? 0;
    return Math.round(sum / channels);
  });

const name = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4));

const quote = (bytes: Uint8Array): string => JSON.stringify(String.fromCharCode(...bytes));

const fault = (message: string, details: ErrorDetails): ProtocolError =>
  new ProtocolError('SIPX_WAV', message, details);
