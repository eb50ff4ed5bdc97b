import { MediaType } from '../../media-type.ts';
import type { BodyLimits } from '../body.ts';
import type { XMLParts } from './codec.ts';
import { type ConferenceInfo, conferenceInfo } from './conference-info.ts';
import { type ReadDocument, readDocument, XMLDocument } from './xml-body.ts';

/** A conference and who is in it (RFC 4575): application/conference-info+xml. */
export class ConferenceInfoBody extends XMLDocument implements ConferenceInfo {
  readonly type = 'conference-info';
  readonly entity: string;
  readonly state: ConferenceInfo['state'];
  readonly version: number | undefined;
  readonly description: ConferenceInfo['description'];
  readonly host: ConferenceInfo['host'];
  readonly conferenceState: ConferenceInfo['conferenceState'];
  readonly users: ConferenceInfo['users'];
  readonly extensions: ConferenceInfo['extensions'];
  readonly otherAttributes: ConferenceInfo['otherAttributes'];

  /** @throws UsageError SIPX_USAGE */
  constructor(parts: XMLParts<ConferenceInfo>, read?: ReadDocument) {
    const element = read?.root ?? conferenceInfo.write(parts);
    super(element, read?.mediaType ?? TYPE, read?.source);
    const value = conferenceInfo.read(element);
    this.entity = value.entity;
    this.state = value.state;
    this.version = value.version;
    this.description = value.description;
    this.host = value.host;
    this.conferenceState = value.conferenceState;
    this.users = value.users;
    this.extensions = value.extensions;
    this.otherAttributes = value.otherAttributes;
  }

  /** @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY */
  static parse(
    content: string | Uint8Array,
    mediaType: MediaType = TYPE,
    limits: Partial<BodyLimits> = {},
  ): ConferenceInfoBody {
    return new ConferenceInfoBody({ entity: '' }, readDocument(content, mediaType, limits));
  }

  /** What is the same value as before is written as it was. @throws UsageError SIPX_USAGE */
  with(changes: Partial<XMLParts<ConferenceInfo>>): ConferenceInfoBody {
    return new ConferenceInfoBody({ ...this, ...changes });
  }
}

const TYPE = /* @__PURE__ */ new MediaType('application', 'conference-info+xml');
