/** As in SDP, from this side's view (RFC 3264 5.1). */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/**
 * What a call needs of media; everything is SDP text. `@sipx/media`, a browser's peer connection and a media
 * server all fit. A call asks for one thing at a time and waits for it.
 */
export interface MediaSession {
  createOffer(options: MediaOptions): string | Promise<string>;
  /** Rejects with SIPX_MEDIA_INCOMPATIBLE when nothing in the offer can be accepted: the call answers 488. */
  createAnswer(offer: string, options: MediaOptions): string | Promise<string>;
  /** The answer to the last offer. Media flows from here. */
  setAnswer(sdp: string): void | Promise<void>;
  /** A session for a further answer to the same offer (a forked call). */
  fork?(): MediaSession;
  /** Forget an offer that was refused. */
  rollback?(): void | Promise<void>;
  /** `digits`: 0-9, *, #, A-D. Resolves when the last one has been sent. */
  sendDtmf?(digits: string): void | Promise<void>;
  /** Idempotent. */
  close(): void | Promise<void>;
}

export interface MediaOptions {
  /** sendrecv when not given. */
  readonly direction?: MediaDirection;
}
