/** What SDPBody uses of it: one line at a time. Words that look like a number come as one. */
declare module 'sdp-transform' {
  export type Word = string | number;

  export interface ParsedLine {
    origin?: {
      username: Word;
      sessionId: Word;
      sessionVersion: Word;
      ipVer: Word;
      address: Word;
    };
    connection?: { version: Word; ip: Word };
    ptime?: Word;
    maxptime?: Word;
    rtcp?: { port: Word; address?: Word };
    fingerprint?: { type: Word; hash: Word };
  }

  const sdpTransform: { parse(text: string): ParsedLine };
  export default sdpTransform;
}
