/** Room for some forty responses. */
const SLAB = 16_384;

let slab = new ArrayBuffer(0);
let used = 0;

/**
 * The same octets for a transaction to keep. What is serialized lies among messages that nobody needs once they are
 * sent, and would keep these as long as itself; here it lies among its like, which end when it does.
 */
export const keptOctets = (octets: Uint8Array): Uint8Array => {
  const { length } = octets;
  if (length > SLAB / 8) return octets.slice();
  if (used + length > slab.byteLength) {
    slab = new ArrayBuffer(SLAB);
    used = 0;
  }
  const kept = new Uint8Array(slab, used, length);
  kept.set(octets);
  used += length;
  return kept;
};
