/**
 * Numbers, 0 <= n < 1, that are the same for the same seed (sfc32, seeded through FNV-1a). For tests: they
 * can be foretold.
 */
export const seededRandom = (seed: number | string): (() => number) => {
  let hash = 0x811c9dc5;
  for (const character of String(seed)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  let a = hash;
  let b = 0x9e3779b9;
  let c = 0x243f6a88;
  let counter = 1;

  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };

  // Seeds that are alike give alike first numbers.
  for (let i = 0; i < 12; i += 1) draw();
  return draw;
};
