import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIPXError } from '@sipx/contracts';
import {
  measureFrequency,
  parseWav,
  readWavFile,
  telephonePcm,
  type WavEncoding,
  writeWav,
} from '@sipx/media';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => [...(typeof part === 'string' ? Buffer.from(part) : part)]),
  );
const u16 = (value: number): number[] => [value & 255, value >> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const chunk = (name: string, content: readonly number[], size = content.length): number[] => [
  ...Buffer.from(name),
  ...u32(size),
  ...content,
  ...(content.length % 2 ? [0] : []),
];
const format = (tag: number, channels = 1, rate = 8000, bits = 16): number[] => [
  ...[...u16(tag), ...u16(channels), ...u32(rate), ...u32((rate * channels * bits) / 8)],
  ...[...u16((channels * bits) / 8), ...u16(bits)],
];
const riff = (...chunks: readonly number[][]): Uint8Array =>
  bytes('RIFF', u32(4 + chunks.flat().length), 'WAVE', chunks.flat());

const data = chunk('data', [1, 0, 0xff, 0xff]);
const samples = [1, -1];
const extensible = [
  ...format(0xfffe),
  ...u16(22),
  ...u16(16),
  ...u32(4),
  ...u16(1),
  ...Array(14).fill(0),
];

describe('parseWav', () => {
  it.each<[string, Uint8Array, readonly number[]]>([
    ['the usual', riff(chunk('fmt ', format(1)), data), samples],
    ['data before its format', riff(data, chunk('fmt ', format(1))), samples],
    [
      'chunks it does not know, one of odd length',
      riff(chunk('LIST', [1, 2, 3]), chunk('fmt ', format(1)), chunk('junk', []), data),
      samples,
    ],
    ['an extensible format', riff(chunk('fmt ', extensible), data), samples],
    ['A-law', riff(chunk('fmt ', format(6, 1, 8000, 8)), chunk('data', [0xd5, 0x55])), [8, -8]],
    [
      'µ-law, an odd number of samples',
      riff(chunk('fmt ', format(7, 1, 8000, 8)), chunk('data', [0xff, 0x80, 0])),
      [0, 32_124, -32_124],
    ],
    [
      'data that claims more than there is',
      riff(chunk('fmt ', format(1)), chunk('data', [1, 0, 0xff, 0xff], 0xffff_ffff)),
      samples,
    ],
    [
      'half a sample at the end',
      riff(chunk('fmt ', format(1)), chunk('data', [1, 0, 0xff, 0xff, 9])),
      samples,
    ],
    [
      'half a pair of channels at the end',
      riff(chunk('fmt ', format(1, 2)), chunk('data', [1, 0, 0xff, 0xff, 9, 9])),
      samples,
    ],
    ['no samples', riff(chunk('fmt ', format(1)), chunk('data', [])), []],
  ])('reads %s', (_, file, expected) => {
    expect([...parseWav(file).samples]).toEqual(expected);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', bytes()],
    ['another kind of RIFF', bytes('RIFF', u32(4), 'AVI ')],
    ['text', bytes('this is no sound at all, not a bit')],
    ['no format', riff(data)],
    ['no data', riff(chunk('fmt ', format(1)))],
    ['a short format', riff(chunk('fmt ', format(1).slice(0, 14)), data)],
    ['24 bits', riff(chunk('fmt ', format(1, 1, 8000, 24)), data)],
    ['MP3 in WAV', riff(chunk('fmt ', format(0x55)), data)],
    ['floating point', riff(chunk('fmt ', format(3, 1, 8000, 32)), data)],
    ['no channels', riff(chunk('fmt ', format(1, 0)), data)],
    ['too many channels', riff(chunk('fmt ', format(1, 33)), data)],
    ['a rate of 0', riff(chunk('fmt ', format(1, 1, 0)), data)],
    ['a rate beyond reason', riff(chunk('fmt ', format(1, 1, 400_000)), data)],
  ])('refuses %s', (_, file) => {
    expect(() => parseWav(file)).toThrow(expect.objectContaining({ code: 'SIPX_WAV' }));
  });

  it('throws nothing but SIPXError, whatever is changed in a file', () => {
    const change = fc.tuple(fc.nat(60), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(60),
        (changes, length) => {
          const file = riff(chunk('fmt ', format(1)), data).slice(0, length);
          for (const [at, value] of changes) if (at < file.length) file[at] = value;
          try {
            telephonePcm(parseWav(file));
          } catch (error) {
            expect(error).toBeInstanceOf(SIPXError);
          }
        },
      ),
    );
  });
});

describe('writeWav', () => {
  it('writes what parseWav reads', () => {
    const pcm = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 50 });
    fc.assert(
      fc.property(pcm, fc.integer({ min: 1, max: 384_000 }), (values, sampleRate) => {
        const wav = parseWav(writeWav(Int16Array.from(values), { sampleRate }));
        expect(wav).toMatchObject({ encoding: 'PCM16', channels: 1, sampleRate });
        expect([...wav.samples]).toEqual(values);
      }),
    );
  });

  it.each<[WavEncoding, number]>([
    ['PCM16', 44 + 6],
    ['PCMU', 58 + 4],
    ['PCMA', 58 + 4],
  ])('writes %s whose sizes add up', (encoding, length) => {
    const file = writeWav(Int16Array.of(1000, -1000, 8), { encoding });
    expect(file.length).toBe(length);
    expect(Buffer.from(file).readUInt32LE(4)).toBe(length - 8);
    const wav = parseWav(file);
    expect(wav.encoding).toBe(encoding);
    expect([...wav.samples].map((sample) => Math.round(sample / 100))).toEqual([10, -10, 0]);
  });

  it('refuses a sample rate of 0', () => {
    expect(() => writeWav(Int16Array.of(), { sampleRate: 0 })).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE' }),
    );
  });
});

describe('telephonePcm', () => {
  it.each([
    [44_100, 2],
    [48_000, 1],
    [16_000, 2],
    [11_025, 1],
    [8000, 2],
    [6000, 1],
  ])('keeps the pitch and length of sound at %i Hz, %i channels', (sampleRate, channels) => {
    const wav = Int16Array.from({ length: sampleRate * channels }, (_, i) => {
      const time = Math.floor(i / channels) / sampleRate;
      return i % channels ? 0 : 20_000 * Math.sin(2 * Math.PI * 440 * time);
    });
    const pcm = telephonePcm({ encoding: 'PCM16', sampleRate, channels, samples: wav });
    expect(pcm.length).toBe(8000);
    expect(measureFrequency(pcm)).toBeCloseTo(440, 0);
    expect(Math.max(...pcm)).toBeGreaterThan((20_000 / channels) * 0.95);
  });
});

describe('readWavFile', () => {
  it('reads a file and refuses one too large', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sipx-wav-'));
    try {
      const path = join(folder, 'two.wav');
      writeFileSync(path, writeWav(Int16Array.of(5, 6)));
      expect([...(await readWavFile(path))]).toEqual([5, 6]);
      await expect(readWavFile(path, { maxBytes: 47 })).rejects.toMatchObject({
        code: 'SIPX_WAV',
        expected: 'at most 47 bytes',
        got: '48',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
