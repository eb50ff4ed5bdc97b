import { fromUtf8, utf8 } from '../bytes.ts';
import type { MediaType } from '../media-type.ts';

/** Undefined when the platform does not know the charset. What is not of it becomes U+FFFD, unless it is `strict`. */
export const decoderOf = (
  charset: string,
  strict = false,
): InstanceType<typeof TextDecoder> | undefined => {
  try {
    return new TextDecoder(charset, { fatal: strict });
  } catch {
    return undefined;
  }
};

export const charsetOf = (mediaType: MediaType | undefined): string =>
  mediaType?.params.get('charset')?.toLowerCase() ?? 'utf-8';

/** Text and octets of the same, in UTF-8, whichever was given. */
export const bothOf = (content: string | Uint8Array): { text: string; content: Uint8Array } =>
  typeof content === 'string'
    ? { text: content, content: utf8(content) }
    : { text: fromUtf8(content), content };

/** One character for each octet, with the same positions. ASCII is itself; what the rest becomes does not matter. */
export const positions = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
