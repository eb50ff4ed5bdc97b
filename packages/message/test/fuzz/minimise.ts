/** A shorter input of which the same is true: what can be left out is left out, in ever smaller pieces. */
export const minimised = (
  bytes: Uint8Array,
  holds: (bytes: Uint8Array) => boolean,
  milliseconds: number,
): Uint8Array => {
  const end = performance.now() + milliseconds;
  let best = bytes;
  for (let piece = best.length >> 1; piece > 0; piece >>= 1) {
    for (let at = 0; at < best.length; ) {
      if (performance.now() > end) return best;
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + piece)]);
      if (holds(shorter)) best = shorter;
      else at += piece;
    }
  }
  return best;
};
