/** Bounds on what a peer may send, in bytes unless said otherwise. */
export interface ParseLimits {
  /** Start line and header fields, with the blank line. SIPX_LIMIT_HEAD. */
  readonly head: number;
  /** Header fields, a count. SIPX_LIMIT_HEADERS. */
  readonly headers: number;
  /** The Request-URI. SIPX_LIMIT_URI. */
  readonly uri: number;
  /** SIPX_LIMIT_BODY. */
  readonly body: number;
}

export const DEFAULT_LIMITS: ParseLimits = Object.freeze({
  head: 65_536,
  headers: 256,
  uri: 8_192,
  body: 65_535,
});
