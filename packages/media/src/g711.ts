import alawmulaw from 'alawmulaw';

export type CodecName = 'PCMU' | 'PCMA';

/** One octet a sample at 8 kHz, both of them (RFC 3551 4.5.14). */
export interface Codec {
  readonly name: CodecName;
  /** The static payload type of RFC 3551 table 4. */
  readonly payloadType: number;
  encode(pcm: Int16Array): Uint8Array;
  decode(octets: Uint8Array): Int16Array;
}

interface Companding {
  encodeSample(sample: number): number;
  decodeSample(octet: number): number;
}

const codec = (name: CodecName, payloadType: number, companding: Companding): Codec => {
  // Every value computed once: a server companding for thousands of calls does nothing but look up.
  let encoded: Uint8Array | undefined;
  const decoded = Int16Array.from({ length: 256 }, (_, octet) => companding.decodeSample(octet));
  return {
    name,
    payloadType,
    encode(pcm) {
      encoded ??= Uint8Array.from({ length: 0x1_0000 }, (_, i) =>
        companding.encodeSample(i < 0x8000 ? i : i - 0x1_0000),
      );
      const octets = new Uint8Array(pcm.length);
      for (let i = 0; i < pcm.length; i += 1) octets[i] = encoded[(pcm[i] ?? 0) & 0xffff] ?? 0;
      return octets;
    },
    decode(octets) {
      const pcm = new Int16Array(octets.length);
      for (let i = 0; i < octets.length; i += 1) pcm[i] = decoded[octets[i] ?? 0] ?? 0;
      return pcm;
    },
  };
};

/** G.711 µ-law: North America, Japan, and what every phone speaks. */
export const pcmu: Codec = codec('PCMU', 0, alawmulaw.mulaw);
/** G.711 A-law: the rest of the world. */
export const pcma: Codec = codec('PCMA', 8, alawmulaw.alaw);

export const codecs: Readonly<Record<CodecName, Codec>> = { PCMU: pcmu, PCMA: pcma };
