import { fromUtf8, utf8 } from '../bytes.ts';
import { MediaType } from '../media-type.ts';
import type { ParamsInit } from '../params.ts';
import { BodyPart } from './body-part.ts';
import { type BodyLimits, DEFAULT_BODY_LIMITS } from './body.ts';
import { boundaryFor, holds, isBoundary } from './boundary.ts';
import { positions } from './charset.ts';
import { notA, notWritable, tooMuch } from './faults.ts';
import { readHeaderLines } from './header-lines.ts';

export interface MultipartParts {
  /** At least one. */
  readonly parts: readonly BodyPart[];
  /** 'mixed' (the default), 'alternative', 'related', … */
  readonly subtype?: string;
  /** Of the media type, such as `start` and `type` (RFC 2387); a boundary is found when none is given. */
  readonly params?: ParamsInit;
}

/** A multipart body (RFC 2046 5.1, in SIP RFC 5621): parts in their order, each with headers of its own. */
export class MultipartBody {
  readonly type = 'multipart';
  /** With its boundary. */
  readonly mediaType: MediaType;
  readonly parts: readonly BodyPart[];
  readonly content: Uint8Array;

  /**
   * A boundary given in `params` is kept as long as it is in no part; else one is made of the parts' octets.
   * @throws UsageError SIPX_USAGE for no parts, SIPX_USAGE_HEADER
   */
  constructor({ parts, subtype = 'mixed', params }: MultipartParts, read?: Read) {
    this.parts = Object.freeze([...parts]);
    this.mediaType =
      read?.mediaType ?? withBoundary(new MediaType('multipart', subtype, params), parts);
    this.content = read?.content ?? write(this.mediaType.params.get('boundary') ?? '', parts);
  }

  /**
   * `depth` is that of the part that it is in. What stands before the first and behind the last boundary is
   * no part; it is written back as long as nothing changes.
   * @throws ProtocolError SIPX_PARSE_BODY (no boundary, no part, no end, a malformed head), SIPX_LIMIT_BODY
   */
  static parse(
    content: Uint8Array,
    mediaType: MediaType,
    limits: Partial<BodyLimits> = {},
    depth = 0,
  ): MultipartBody {
    const bounds = { ...DEFAULT_BODY_LIMITS, ...limits };
    if (content.length > bounds.size) throw tooMuch('long a multipart body', bounds.size);
    if (depth >= bounds.multiparts) throw tooMuch('deep a multipart body', bounds.multiparts);
    const boundary = mediaType.params.get('boundary') ?? '';
    if (!isBoundary(boundary)) throw notA('multipart body', 'a boundary', boundary);
    const parts = split(content, boundary, bounds.parts).map(([from, to]) =>
      readPart(content.subarray(from, to), depth + 1),
    );
    return new MultipartBody({ parts }, { mediaType, content });
  }

  /** The one to begin with: of multipart/related what `start` names (RFC 2387 3.2), else the first. */
  get root(): BodyPart | undefined {
    const start = this.mediaType.params.get('start');
    return (start === undefined ? undefined : this.part(start)) ?? this.parts[0];
  }

  /** By its Content-ID, with or without angle brackets, or as a `cid:` URI (RFC 2392). */
  part(contentId: string): BodyPart | undefined {
    const id = contentId.startsWith('cid:')
      ? unescaped(contentId.slice(4))
      : contentId.replace(/^<(.*)>$/, '$1');
    return this.parts.find((part) => part.contentId === id);
  }

  /** The first of that type, `application/sdp`. @throws ProtocolError SIPX_PARSE_HEADER */
  find(essence: string): BodyPart | undefined {
    return this.parts.find((part) => part.mediaType?.essence === essence);
  }

  with(changes: Partial<MultipartParts>): MultipartBody {
    const { parts } = this;
    const { subtype, params } = this.mediaType;
    return new MultipartBody({ parts, subtype, params, ...changes });
  }

  /** Decoded as UTF-8; what is none becomes U+FFFD. */
  toString(): string {
    return fromUtf8(this.content);
  }
}

interface Read {
  readonly mediaType: MediaType;
  readonly content: Uint8Array;
}

/**
 * Where the parts are. A boundary stands at the beginning of a line and alone in it, but for white space: text
 * that only begins with it, or holds it within a line, is content.
 */
const split = (
  content: Uint8Array,
  boundary: string,
  limit: number,
): readonly (readonly [from: number, to: number])[] => {
  const text = positions(content);
  const mark = `--${boundary}`;
  const found: [number, number][] = [];
  let from = -1;
  for (let hit = text.indexOf(mark); hit >= 0; hit = text.indexOf(mark, hit + 1)) {
    if (hit !== 0 && !text.startsWith('\r\n', hit - 2)) continue;
    let end = hit + mark.length;
    const closes = text.startsWith('--', end);
    if (closes) end += 2;
    while (text[end] === ' ' || text[end] === '\t') end += 1;
    if (!text.startsWith('\r\n', end) && !(closes && end === text.length)) continue;
    // The CRLF before a boundary belongs to the boundary.
    if (from >= 0) found.push([from, Math.max(from, hit - 2)]);
    if (found.length > limit) throw tooMuch('many parts', limit);
    if (closes) {
      if (found.length > 0) return found;
      break;
    }
    from = end + 2;
  }
  throw notA('multipart body', `parts between lines of ${mark}, ended by ${mark}--`, text);
};

const readPart = (octets: Uint8Array, depth: number): BodyPart => {
  const text = positions(octets);
  const blank = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n');
  const headEnd = blank < 0 ? octets.length : blank;
  const headers = readHeaderLines('part of a body', fromUtf8(octets.subarray(0, headEnd)));
  const from = blank < 0 ? octets.length : blank + (blank === 0 ? 2 : 4);
  return new BodyPart({ headers, content: octets.subarray(from) }, depth, octets);
};

const withBoundary = (mediaType: MediaType, parts: readonly BodyPart[]): MediaType => {
  if (parts.length === 0) throw notWritable('a multipart body', 'a part', 'none');
  const octets = parts.map((part) => part.octets);
  const { type, subtype, params } = mediaType;
  const given = params.get('boundary');
  if (given !== undefined && isBoundary(given) && !octets.some((one) => holds(one, given))) {
    return mediaType;
  }
  const others = params.entries().filter(([name]) => name.toLowerCase() !== 'boundary');
  return new MediaType(type, subtype, [['boundary', boundaryFor(octets)], ...others]);
};

const write = (boundary: string, parts: readonly BodyPart[]): Uint8Array => {
  const pieces = parts.flatMap(({ octets }, at) => [
    utf8(`${at === 0 ? '' : '\r\n'}--${boundary}\r\n`),
    octets,
  ]);
  pieces.push(utf8(`\r\n--${boundary}--\r\n`));
  const content = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    content.set(piece, at);
    at += piece.length;
  }
  return content;
};

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
