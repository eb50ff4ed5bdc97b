import { utf8 } from '../../bytes.ts';
// Through the entry: so the build leaves the core in one piece, whose constants V8 can take for such.
import { MediaType } from '../../index.ts';
import type { BodyLimits } from '../body.ts';
import { decodeXML, readXML, type XMLSource } from './read-xml.ts';
import { writeXML } from './write-xml.ts';
import type { XMLElement } from './xml-element.ts';

/** What every body of XML has. What was read is written back octet for octet; what was changed, in UTF-8. */
export abstract class XMLDocument {
  readonly mediaType: MediaType;
  /** The whole of it as elements. */
  readonly root: XMLElement;
  readonly content: Uint8Array;
  private readonly text: string;

  constructor(root: XMLElement, mediaType: MediaType, source: XMLSource = written(root)) {
    this.root = root;
    this.mediaType = mediaType;
    this.text = source.text;
    this.content = source.content;
  }

  toString(): string {
    return this.text;
  }
}

const written = (root: XMLElement): XMLSource => {
  const text = writeXML(root);
  return { text, content: utf8(text) };
};

/** What a body was made from when it was read. */
export interface ReadDocument {
  readonly root: XMLElement;
  readonly mediaType: MediaType;
  readonly source: XMLSource;
}

/** @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY */
export const readDocument = (
  content: string | Uint8Array,
  mediaType: MediaType,
  limits: Partial<BodyLimits>,
): ReadDocument => {
  const source =
    typeof content === 'string'
      ? { text: content, content: utf8(content) }
      : decodeXML(content, mediaType);
  return { root: readXML(source.text, limits), mediaType, source };
};

/** What was read in another charset is written in UTF-8 once it changes, which needs no word. */
const withoutCharset = ({ type, subtype, params }: MediaType): MediaType =>
  new MediaType(
    type,
    subtype,
    params.entries().filter(([name]) => name.toLowerCase() !== 'charset'),
  );

export interface XMLBodyParts {
  readonly root: XMLElement;
  /** Default application/xml. */
  readonly mediaType?: MediaType;
}

/** XML of any kind (RFC 7303). */
export class XMLBody extends XMLDocument {
  readonly type = 'xml';

  /** @throws UsageError SIPX_USAGE */
  constructor({ root, mediaType = XML }: XMLBodyParts, source?: XMLSource) {
    super(root, mediaType, source);
  }

  /**
   * No DOCTYPE, and so no entities but the five that XML has, and none from elsewhere.
   * @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY
   */
  static parse(
    content: string | Uint8Array,
    mediaType: MediaType = XML,
    limits: Partial<BodyLimits> = {},
  ): XMLBody {
    const { root, source } = readDocument(content, mediaType, limits);
    return new XMLBody({ root, mediaType }, source);
  }

  with(changes: Partial<XMLBodyParts>): XMLBody {
    return new XMLBody({ root: this.root, mediaType: withoutCharset(this.mediaType), ...changes });
  }
}

const XML = /* @__PURE__ */ new MediaType('application', 'xml');
