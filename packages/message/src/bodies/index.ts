export {
  type BodyCarrier,
  type BodyLimits,
  DEFAULT_BODY_LIMITS,
  type ReadonlyHeaders,
} from './body.ts';
export { BodyPart, type BodyPartOptions } from './body-part.ts';
export {
  type MessageCount,
  MessageSummaryBody,
  type MessageSummaryParts,
} from './message-summary-body.ts';
export { MultipartBody, type MultipartParts } from './multipart-body.ts';
export { type Body, BodyParser, parseBody } from './parse-body.ts';
export { RawBody } from './raw-body.ts';
export * from './sdp/index.ts';
export { SipFragBody, type SipFragParts, type SipFragStart } from './sip-frag-body.ts';
export { HTMLBody, TextBody, type TextParts } from './text-body.ts';
export * from './xml/index.ts';
