/** What came in and went no further, by reason. They only rise. */
export interface Drops {
  /** Keep-alive bytes, which are no message. */
  keepAlive: number;
  /** Bytes that are no SIP message. */
  unparsable: number;
  /** Messages that break the grammar; requests among them were answered 400. */
  invalid: number;
  /** Responses that match no transaction (RFC 3261 18.1.2). */
  strayResponse: number;
  /** ACKs that nobody waits for. */
  strayAck: number;
  /** Requests refused because a limit was reached. */
  overload: number;
}

export const noDrops = (): Drops => ({
  keepAlive: 0,
  unparsable: 0,
  invalid: 0,
  strayResponse: 0,
  strayAck: 0,
  overload: 0,
});
