export type { BodyLimits } from '../body.ts';
export type { XMLExtensions, XMLNote, XMLParts } from './codec.ts';
export type {
  ConferenceCall,
  ConferenceDescription,
  ConferenceElementState,
  ConferenceEndpoint,
  ConferenceExecution,
  ConferenceHost,
  ConferenceInfo,
  ConferenceMedia,
  ConferenceMediaType,
  ConferenceState,
  ConferenceURI,
  ConferenceUser,
  ConferenceUsers,
} from './conference-info.ts';
export { ConferenceInfoBody } from './conference-info-body.ts';
export {
  type DialogInfo,
  DialogInfoBody,
  type DialogInfoDialog,
  type DialogInfoName,
  type DialogInfoParticipant,
  type DialogInfoRouteSet,
  type DialogInfoState,
  type DialogInfoTarget,
} from './dialog-info-body.ts';
export {
  PIDFBody,
  type Presence,
  type PresenceContact,
  type PresenceDevice,
  type PresencePerson,
  type PresenceStatus,
  type PresenceTuple,
} from './pidf-body.ts';
export type { RichPresence, RPIDPlaceIs, RPIDUserInput, RPIDWords } from './rpid.ts';
export { XMLBody, type XMLBodyParts, XMLDocument } from './xml-body.ts';
export { type XMLElement, xmlChild, xmlChildren, xmlElement, xmlText } from './xml-element.ts';
