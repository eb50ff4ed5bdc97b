/** What SDPBody uses of it. Words that look like a number come as one. */
declare module 'sdp-transform' {
  export type Word = string | number;

  export interface Connection {
    version: Word;
    ip: Word;
  }

  export interface Attributes {
    connection?: Connection;
    direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  }

  export interface MediaDescription extends Attributes {
    type: Word;
    port: Word;
    protocol: Word;
    payloads?: Word;
    rtp: { payload: Word; codec: Word; rate?: Word; encoding?: Word }[];
    fmtp: { payload: Word; config: Word }[];
    ptime?: Word;
  }

  export interface SessionDescription extends Attributes {
    version?: Word;
    origin?: {
      username: Word;
      sessionId: Word;
      sessionVersion: Word;
      netType: Word;
      ipVer: Word;
      address: Word;
    };
    name?: Word;
    media: MediaDescription[];
  }

  const sdpTransform: { parse(text: string): SessionDescription };
  export default sdpTransform;
}
