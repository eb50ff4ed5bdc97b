export type {
  SDPAttribute,
  SDPCandidate,
  SDPCrypto,
  SDPFingerprint,
  SDPICE,
} from './sdp-attributes.ts';
export { SDPBody } from './sdp-body.ts';
export type {
  SDPBandwidth,
  SDPCodec,
  SDPConnection,
  SDPDirection,
  SDPGroup,
  SDPMedia,
  SDPMediaParts,
  SDPOrigin,
  SDPParts,
  SDPSection,
  SDPSession,
  SDPTime,
} from './sdp-session.ts';
