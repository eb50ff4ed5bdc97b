import { type MediaDirection, UsageError } from '@sipx/contracts';
import {
  type Agreement,
  acceptAnswer,
  answerOffer,
  type Capabilities,
  offerMedia,
} from './negotiation.ts';
import { type LocalMedia, writeSessionDescription } from './sdp.ts';

interface Offered {
  readonly own: Capabilities;
  readonly media: readonly LocalMedia[];
  readonly direction: MediaDirection;
}

/** Where a session stands in offer and answer (RFC 3264): what is open, and what was agreed on last. */
export class OfferAnswer {
  readonly #sessionId: number;
  #offered: Offered | undefined;
  #agreed: Agreement | undefined;
  #version = 0;
  #lastTold = '';

  /** @param sessionId for the origin line */
  constructor(sessionId: number) {
    this.#sessionId = sessionId;
  }

  /** In force until the next one, whatever is offered meanwhile. */
  get agreed(): Agreement | undefined {
    return this.#agreed;
  }

  offer(own: Capabilities, direction: MediaDirection): string {
    const media = offerMedia(own, direction, this.#agreed?.layout);
    this.#offered = { own, media, direction };
    return this.#describe(own.address, media);
  }

  /** @throws ProtocolError SIPX_PARSE_BODY, SIPX_MEDIA_INCOMPATIBLE */
  answer(own: Capabilities, offer: string, direction: MediaDirection): string {
    const agreed = answerOffer(own, offer, direction);
    this.#agreed = agreed;
    return this.#describe(own.address, agreed.layout);
  }

  /** @throws UsageError SIPX_USAGE_STATE; ProtocolError SIPX_PARSE_BODY, SIPX_MEDIA_INCOMPATIBLE */
  accept(answer: string): void {
    const offered = this.#offered;
    if (!offered) throw new UsageError('SIPX_USAGE_STATE', 'an answer without an offer');
    this.#agreed = acceptAnswer(offered.own, offered, answer);
    this.#offered = undefined;
  }

  rollback(): void {
    this.#offered = undefined;
  }

  /** The version rises when, and only when, something changed (RFC 3264 8). */
  #describe(address: string, media: readonly LocalMedia[]): string {
    const local = { id: this.#sessionId, address, media };
    const told = writeSessionDescription({ ...local, version: 0 });
    if (told !== this.#lastTold) this.#version += 1;
    this.#lastTold = told;
    return writeSessionDescription({ ...local, version: this.#version });
  }
}
