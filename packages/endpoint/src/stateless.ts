import type { IdSource } from '@sipx/contracts';
import type { Request } from '@sipx/message';

/**
 * The To tag of responses that keep no state: the same for each retransmission of a request and for its ACK,
 * unknown to others (RFC 3261 8.2.7). It tells repeats apart from strangers; it is no proof of anything.
 */
export class StatelessTag {
  readonly #secret: string;

  constructor(ids: IdSource) {
    this.#secret = ids.token();
  }

  of(request: Request): string {
    // As text: a malformed request gets its 400 by this too. An ACK repeats these to the letter (17.1.1.3).
    const { headers } = request;
    const parts = [headers.raw('Via'), headers.raw('From'), headers.raw('Call-ID')];
    return `s${hash(`${this.#secret} ${parts.join(' ')}`)}`;
  }

  /** The ACK for a response that we sent with such a tag: nothing else needs to hear of it. */
  acknowledges(ack: Request): boolean {
    const { tag } = ack.to;
    return tag?.startsWith('s') === true && tag === this.of(ack);
  }
}

/** Two 32-bit FNV-1a lanes, mixed at the end: 64 bits that differ when the text does. */
const hash = (text: string): string => {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  a ^= b >>> 15;
  b ^= a >>> 13;
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
};
