import { utf8 } from '../bytes.ts';
import { MediaType } from '../media-type.ts';
import { charsetOf, decoderOf } from './charset.ts';
import { notA, notWritable } from './faults.ts';

export interface TextParts {
  readonly text: string;
  /** Default text/plain, for HTMLBody text/html. Its charset must be UTF-8 (or left out) or US-ASCII. */
  readonly mediaType?: MediaType;
}

/** What text in a charset shares. What was read is written back octet for octet. */
abstract class DecodedText {
  readonly mediaType: MediaType;
  readonly text: string;
  readonly content: Uint8Array;

  constructor(text: string, mediaType: MediaType, content: Uint8Array = encode(text, mediaType)) {
    this.text = text;
    this.mediaType = mediaType;
    this.content = content;
  }

  toString(): string {
    return this.text;
  }
}

/** text/plain, and every text type that has no class of its own (RFC 2046 4.1). */
export class TextBody extends DecodedText {
  readonly type = 'text';

  /** @throws UsageError SIPX_USAGE for a charset that is not written here, and for text outside US-ASCII */
  constructor({ text, mediaType = PLAIN }: TextParts, content?: Uint8Array) {
    super(text, mediaType, content);
  }

  /**
   * By the charset of the media type, UTF-8 by default; octets that are none of it become U+FFFD.
   * @throws ProtocolError SIPX_PARSE_BODY when the platform does not know the charset
   */
  static parse(content: Uint8Array, mediaType: MediaType = PLAIN): TextBody {
    return new TextBody({ text: decode(content, mediaType), mediaType }, content);
  }

  with(changes: Partial<TextParts>): TextBody {
    return new TextBody({ text: this.text, mediaType: inUTF8(this.mediaType), ...changes });
  }
}

/** text/html (RFC 2854). The text as it is: nothing is read into it, and nothing made safe. */
export class HTMLBody extends DecodedText {
  readonly type = 'html';

  /** @throws as `TextBody` */
  constructor({ text, mediaType = HTML }: TextParts, content?: Uint8Array) {
    super(text, mediaType, content);
  }

  /** @throws as `TextBody.parse` */
  static parse(content: Uint8Array, mediaType: MediaType = HTML): HTMLBody {
    return new HTMLBody({ text: decode(content, mediaType), mediaType }, content);
  }

  with(changes: Partial<TextParts>): HTMLBody {
    return new HTMLBody({ text: this.text, mediaType: inUTF8(this.mediaType), ...changes });
  }
}

const PLAIN = /* @__PURE__ */ new MediaType('text', 'plain', { charset: 'utf-8' });
const HTML = /* @__PURE__ */ new MediaType('text', 'html', { charset: 'utf-8' });

const decode = (content: Uint8Array, mediaType: MediaType): string => {
  const charset = charsetOf(mediaType);
  const decoder = decoderOf(charset);
  if (!decoder) throw notA('text', 'a charset that the platform knows', charset);
  return decoder.decode(content);
};

const encode = (text: string, mediaType: MediaType): Uint8Array => {
  const charset = charsetOf(mediaType);
  if (/[\ud800-\udfff]/u.test(text)) throw notWritable('text', 'no lone surrogates', text);
  if (charset === 'utf-8' || charset === 'utf8') return utf8(text);
  if (charset !== 'us-ascii') throw notWritable('text', 'the charset utf-8 or us-ascii', charset);
  if (/[^\0-\x7f]/.test(text)) throw notWritable('text', 'US-ASCII', text);
  return utf8(text);
};

/** What was read in another charset is written in UTF-8 once it changes. */
const inUTF8 = (mediaType: MediaType): MediaType => {
  const { type, subtype, params } = mediaType;
  if (!params.has('charset') || charsetOf(mediaType) === 'utf-8') return mediaType;
  const others = params.entries().filter(([name]) => name.toLowerCase() !== 'charset');
  return new MediaType(type, subtype, [...others, ['charset', 'utf-8']]);
};
