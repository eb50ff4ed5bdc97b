import type { MediaSession } from '@sipx/contracts';
import { UsageError } from '@sipx/contracts';
import type { SIPMessage } from '@sipx/message';

/** What a call is given for its media: a session that makes and reads SDP, or a body that somebody else made. */
export type CallMedia =
  | { readonly media: MediaSession; readonly body?: never }
  | { readonly body: string | Uint8Array; readonly media?: never }
  | { readonly media?: never; readonly body?: never };

/**
 * One offer and its answer (RFC 3264), in either order: the INVITE offers and the 2xx answers, or the 2xx offers
 * and the ACK answers (RFC 3261 13.2.1).
 */
export class OfferAnswer {
  readonly #media: MediaSession | undefined;
  #body: string | Uint8Array | undefined;
  #state: 'none' | 'offered' | 'done' = 'none';

  constructor({ media, body }: CallMedia) {
    this.#media = media;
    this.#body = body;
  }

  get media(): MediaSession | undefined {
    return this.#media;
  }

  /** The body of an INVITE or of the 2xx to one without an offer. */
  async offer(): Promise<string | Uint8Array | undefined> {
    this.#state = 'offered';
    return this.#media ? this.#media.createOffer({ direction: 'sendrecv' }) : this.#take();
  }

  /** The body of the 2xx to an INVITE with an offer. Rejects with SIPX_MEDIA_INCOMPATIBLE. */
  async answer(offer: SIPMessage): Promise<string | Uint8Array | undefined> {
    const body = this.#media
      ? await this.#media.createAnswer(text(offer), { direction: 'sendrecv' })
      : this.#take();
    this.#state = 'done';
    return body;
  }

  /**
   * The other side's answer, once: later copies of it change nothing (RFC 3261 13.2.1).
   * @returns whether there is an answer to our offer now
   */
  async accept(message: SIPMessage): Promise<boolean> {
    if (this.#state === 'done' || !this.#media) return true;
    if (!hasSdp(message)) return false;
    if (this.#state === 'none')
      throw new UsageError('SIPX_USAGE_STATE', 'an answer without an offer');
    this.#state = 'done';
    await this.#media.setAnswer(text(message));
    return true;
  }

  /** It is said once. */
  #take(): string | Uint8Array | undefined {
    const body = this.#body;
    this.#body = undefined;
    return body;
  }

  async close(): Promise<void> {
    await this.#media?.close();
  }
}

export const hasSdp = (message: SIPMessage): boolean =>
  message.content.length > 0 &&
  /^application\/sdp\b/i.test(message.headers.raw('Content-Type') ?? '');

const text = (message: SIPMessage): string => new TextDecoder().decode(message.content);
