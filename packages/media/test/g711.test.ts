import { type CodecName, codecs } from '@sipx/media';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const samples = fc.integer({ min: -32_768, max: 32_767 });

describe.each<[CodecName, number]>([
  ['PCMU', 0],
  ['PCMA', 8],
])('%s', (name, payloadType) => {
  const codec = codecs[name];

  it('has its static payload type', () => {
    expect([codec.name, codec.payloadType]).toEqual([name, payloadType]);
  });

  it('gives every octet back, but for the second zero of µ-law', () => {
    const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    const again = codec.encode(codec.decode(octets));
    const changed = octets.filter((octet, i) => again[i] !== octet);
    expect([...changed]).toEqual(name === 'PCMU' ? [0x7f] : []);
  });

  it('is near every sample: within a sixteenth of it, or the smallest step', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const [heard = 0] = codec.decode(codec.encode(Int16Array.of(sample)));
        const clipped = Math.max(-32_124, Math.min(32_124, sample));
        expect(Math.abs(heard - clipped)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
      }),
    );
  });

  it('keeps the order of samples', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const [low = 0, high = 0] = codec.decode(
          codec.encode(Int16Array.of(Math.min(a, b), Math.max(a, b))),
        );
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});

describe('G.711', () => {
  // The ends of the scale and the values next to zero (G.711 tables 1 and 2, left-justified to 16 bits).
  it.each<[CodecName, number, number]>([
    ['PCMU', 0xff, 0],
    ['PCMU', 0x80, 32_124],
    ['PCMU', 0x00, -32_124],
    ['PCMU', 0xfe, 8],
    ['PCMA', 0xd5, 8],
    ['PCMA', 0x55, -8],
    ['PCMA', 0xaa, 32_256],
    ['PCMA', 0x2a, -32_256],
  ])('%s reads octet %i as %i', (name, octet, sample) => {
    expect(codecs[name].decode(Uint8Array.of(octet))[0]).toBe(sample);
  });
});
