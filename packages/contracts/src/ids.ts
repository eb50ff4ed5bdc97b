/** Randomness as a parameter. Tests give a source that repeats. */
export interface IdSource {
  /**
   * A fresh token of lower-case letters and digits, at least 64 random bits: branches, tags, Call-IDs,
   * cnonces (RFC 3261 19.3 asks for 32 bits; a busy server wants more).
   */
  token(): string;
  /** A number, 0 <= n < 1: jitter, and starting points such as an RTP sequence number. */
  random(): number;
}

const TOKEN_BYTES = 10;
const POOL_BYTES = 2000;

/** From the platform's cryptographic source, asked for 200 tokens at a time. */
export const cryptoIds = (): IdSource => {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;

  const take = (count: number): number => {
    if (used + count > POOL_BYTES) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    const from = used;
    used += count;
    return from;
  };

  return {
    token() {
      const from = take(TOKEN_BYTES);
      let token = '';
      for (let i = from; i < from + TOKEN_BYTES; i += 2) {
        // 16 random bits as four base-32 digits; bit 19 is set so that the width is fixed.
        token += (0x8_0000 | ((pool[i] ?? 0) << 8) | (pool[i + 1] ?? 0)).toString(32);
      }
      return token;
    },
    random() {
      const from = take(4);
      const bits =
        ((pool[from] ?? 0) << 24) |
        ((pool[from + 1] ?? 0) << 16) |
        ((pool[from + 2] ?? 0) << 8) |
        (pool[from + 3] ?? 0);
      return (bits >>> 0) / 2 ** 32;
    },
  };
};
