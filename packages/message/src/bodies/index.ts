export { parseBody } from './parse-body.ts';
export { RawBody } from './raw-body.ts';
export {
  SDPBody,
  type SDPCodec,
  type SDPConnection,
  type SDPDirection,
  type SDPMedia,
  type SDPOrigin,
} from './sdp-body.ts';
