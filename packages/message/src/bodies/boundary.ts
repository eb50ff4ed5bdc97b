import { positions } from './charset.ts';

/** RFC 2046 5.1.1 allows less; what stands in quotes and cannot break out of the line is read. */
const BOUNDARY = /^[\x20-\x7e]{0,69}[\x21-\x7e]$/;

export const isBoundary = (text: string): boolean => BOUNDARY.test(text);

/** Whether the octets hold a line that a reader could take for the boundary. */
export const holds = (octets: Uint8Array, boundary: string): boolean =>
  positions(octets).includes(`--${boundary}`);

/** One that is in none of them, the same for the same parts: made of their octets, and again should it be in them. */
export const boundaryFor = (parts: readonly Uint8Array[]): string => {
  for (let salt = 0; ; salt += 1) {
    let [one, other] = [0x81_1c_9d_c5 ^ salt, 0xc2_b2_ae_35 ^ salt];
    for (const octets of parts) {
      for (const byte of octets) {
        one = Math.imul(one ^ byte, 0x01_00_01_93);
        other = Math.imul(other ^ byte, 0x85_eb_ca_6b) + one;
      }
    }
    const boundary = `sipx-${word(one)}${word(other)}`;
    if (!parts.some((octets) => holds(octets, boundary))) return boundary;
  }
};

const word = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0');
