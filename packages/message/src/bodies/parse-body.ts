import type { Message } from '../message.ts';
import { RawBody } from './raw-body.ts';
import { SDPBody } from './sdp-body.ts';

/**
 * The body by its Content-Type: an SDPBody for application/sdp, else a RawBody.
 * @throws ProtocolError SIPX_PARSE_BODY, SIPX_PARSE_HEADER (a malformed Content-Type)
 */
export const parseBody = (message: Message): SDPBody | RawBody => {
  const { content } = message;
  const mediaType = message.headers.get('Content-Type');
  return mediaType?.essence === 'application/sdp' && content.length > 0
    ? SDPBody.parse(content)
    : new RawBody(content, mediaType);
};
