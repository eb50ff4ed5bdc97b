import { fromUtf8 } from '../bytes.ts';
import type { MediaType } from '../media-type.ts';

/** A body of a type that has no class here, and an empty one. */
export class RawBody {
  readonly type = 'raw';
  /** Undefined when the message does not say. */
  readonly mediaType: MediaType | undefined;
  readonly content: Uint8Array;

  constructor(content: Uint8Array, mediaType?: MediaType) {
    this.content = content;
    this.mediaType = mediaType;
  }

  /** Decoded as UTF-8; what is none becomes U+FFFD. */
  toString(): string {
    return fromUtf8(this.content);
  }
}
