import type { MediaType } from '../media-type.ts';
import { type BodyCarrier, type BodyLimits, DEFAULT_BODY_LIMITS } from './body.ts';
import { charsetOf, decoderOf } from './charset.ts';
import { MessageSummaryBody } from './message-summary-body.ts';
import { MultipartBody } from './multipart-body.ts';
import { RawBody } from './raw-body.ts';
import { SDPBody } from './sdp/sdp-body.ts';
import { SipFragBody } from './sip-frag-body.ts';
import { HTMLBody, TextBody } from './text-body.ts';
import { transferDecoded } from './transfer-encoding.ts';
import { ConferenceInfoBody } from './xml/conference-info-body.ts';
import { DialogInfoBody } from './xml/dialog-info-body.ts';
import { PIDFBody } from './xml/pidf-body.ts';
import { XMLBody } from './xml/xml-body.ts';

/** Switch on `type`, never on `instanceof`: a program may hold two copies of this package. */
export type Body =
  | SDPBody
  | PIDFBody
  | DialogInfoBody
  | ConferenceInfoBody
  | XMLBody
  | MultipartBody
  | TextBody
  | HTMLBody
  | MessageSummaryBody
  | SipFragBody
  | RawBody;

/**
 * The body of a message, or of a part of a multipart body, by its Content-Type. Nothing is registered and
 * nothing kept: the same octets give the same body. A RawBody when there is no octet, no Content-Type, a
 * type that has no class here, a charset that the platform does not know, or a Content-Encoding.
 * @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY, SIPX_PARSE_HEADER (a malformed Content-Type)
 */
export const parseBody = (carrier: BodyCarrier, limits: Partial<BodyLimits> = {}): Body => {
  const { headers, content } = carrier;
  const mediaType = headers.get('Content-Type');
  if (!mediaType || content.length === 0 || isEncoded(headers.raw('Content-Encoding'))) {
    return new RawBody(content, mediaType);
  }
  const octets = transferDecoded(content, headers.raw('Content-Transfer-Encoding') ?? '');
  return octets
    ? read(octets, mediaType, { ...DEFAULT_BODY_LIMITS, ...limits }, carrier.depth ?? 0)
    : new RawBody(content, mediaType);
};

/** `parseBody` with limits of its own. */
export class BodyParser {
  readonly limits: BodyLimits;

  constructor(limits: Partial<BodyLimits> = {}) {
    this.limits = { ...DEFAULT_BODY_LIMITS, ...limits };
  }

  /** @throws as `parseBody` */
  parse(carrier: BodyCarrier): Body {
    return parseBody(carrier, this.limits);
  }
}

const read = (
  content: Uint8Array,
  mediaType: MediaType,
  limits: BodyLimits,
  depth: number,
): Body => {
  switch (mediaType.essence) {
    case 'application/sdp':
      return SDPBody.parse(content);
    case 'application/pidf+xml':
      return PIDFBody.parse(content, mediaType, limits);
    case 'application/dialog-info+xml':
      return DialogInfoBody.parse(content, mediaType, limits);
    case 'application/conference-info+xml':
      return ConferenceInfoBody.parse(content, mediaType, limits);
    case 'application/simple-message-summary':
      return MessageSummaryBody.parse(content);
    case 'message/sipfrag':
      return SipFragBody.parse(content);
    default:
      break;
  }
  const { type, subtype } = mediaType;
  if (type === 'multipart') return MultipartBody.parse(content, mediaType, limits, depth);
  if (subtype === 'xml' || subtype.endsWith('+xml')) {
    return XMLBody.parse(content, mediaType, limits);
  }
  if (type !== 'text' || !decoderOf(charsetOf(mediaType))) return new RawBody(content, mediaType);
  return subtype === 'html'
    ? HTMLBody.parse(content, mediaType)
    : TextBody.parse(content, mediaType);
};

const isEncoded = (encoding: string | undefined): boolean =>
  encoding !== undefined && !/^(identity)?$/i.test(encoding.trim());
