import { MediaType } from '../../media-type.ts';
import type { BodyLimits } from '../body.ts';
import {
  attribute,
  child,
  childOrEmpty,
  children,
  type Codec,
  decimal,
  extensions,
  needed,
  note,
  otherAttributes,
  ownText,
  record,
  root,
  type RootCodec,
  token,
  type XMLExtensions,
  type XMLNote,
  type XMLParts,
  word,
} from './codec.ts';
import { type RichPresence, richPresence } from './rpid.ts';
import { type ReadDocument, readDocument, XMLDocument } from './xml-body.ts';

const PIDF = 'urn:ietf:params:xml:ns:pidf';
const MODEL = 'urn:ietf:params:xml:ns:pidf:data-model';

/** RFC 3863 4.1.4. */
export interface PresenceStatus extends XMLExtensions {
  readonly basic: 'open' | 'closed' | (string & {}) | undefined;
}

/** RFC 3863 4.1.5. */
export interface PresenceContact {
  readonly uri: string;
  /** 0 to 1. */
  readonly priority: number | undefined;
}

/** A service (RFC 3863 4.1.2, 4479 3.2). */
export interface PresenceTuple extends RichPresence, XMLExtensions {
  readonly id: string;
  readonly status: PresenceStatus;
  readonly deviceId: string | undefined;
  readonly contact: PresenceContact | undefined;
  readonly notes: readonly XMLNote[];
  /** ISO 8601. */
  readonly timestamp: string | undefined;
}

/** RFC 4479 3.3. */
export interface PresencePerson extends RichPresence, XMLExtensions {
  readonly id: string | undefined;
  readonly notes: readonly XMLNote[];
  /** ISO 8601. */
  readonly timestamp: string | undefined;
}

/** RFC 4479 3.4. */
export interface PresenceDevice extends PresencePerson {
  readonly deviceId: string | undefined;
}

/** RFC 3863 4.1.1. */
export interface Presence extends XMLExtensions {
  /** Whose it is: a `pres:` or `sip:` URI. */
  readonly entity: string;
  readonly tuples: readonly PresenceTuple[];
  readonly notes: readonly XMLNote[];
  readonly persons: readonly PresencePerson[];
  readonly devices: readonly PresenceDevice[];
}

/** Presence (RFC 3863) with the data model of RFC 4479 and rich presence of RFC 4480: application/pidf+xml. */
export class PIDFBody extends XMLDocument implements Presence {
  readonly type = 'pidf';
  readonly entity: string;
  readonly tuples: readonly PresenceTuple[];
  readonly notes: readonly XMLNote[];
  readonly persons: readonly PresencePerson[];
  readonly devices: readonly PresenceDevice[];
  readonly extensions: Presence['extensions'];
  readonly otherAttributes: Presence['otherAttributes'];

  /** @throws UsageError SIPX_USAGE */
  constructor(parts: XMLParts<Presence>, read?: ReadDocument) {
    const element = read?.root ?? presence.write(parts);
    super(element, read?.mediaType ?? TYPE, read?.source);
    const value = presence.read(element);
    this.entity = value.entity;
    this.tuples = value.tuples;
    this.notes = value.notes;
    this.persons = value.persons;
    this.devices = value.devices;
    this.extensions = value.extensions;
    this.otherAttributes = value.otherAttributes;
  }

  /** @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY */
  static parse(
    content: string | Uint8Array,
    mediaType: MediaType = TYPE,
    limits: Partial<BodyLimits> = {},
  ): PIDFBody {
    return new PIDFBody({ entity: '' }, readDocument(content, mediaType, limits));
  }

  /** What is the same value as before is written as it was. @throws UsageError SIPX_USAGE */
  with(changes: Partial<XMLParts<Presence>>): PIDFBody {
    return new PIDFBody({ ...this, ...changes });
  }
}

const TYPE = /* @__PURE__ */ new MediaType('application', 'pidf+xml');

const contact: Codec<PresenceContact> = record<PresenceContact>({
  priority: attribute('priority', decimal),
  uri: ownText(token),
});

const status: Codec<PresenceStatus> = record<PresenceStatus>({
  otherAttributes,
  basic: child('basic', word<'open' | 'closed'>()),
  extensions,
});

const tuple: Codec<PresenceTuple> = record<PresenceTuple>({
  id: needed('id', attribute('id', token)),
  otherAttributes,
  status: childOrEmpty('status', status),
  ...richPresence,
  deviceId: child('deviceID', token, MODEL),
  extensions,
  contact: child('contact', contact),
  notes: children('note', note),
  timestamp: child('timestamp', token),
});

const person = {
  id: attribute('id', token),
  otherAttributes,
  ...richPresence,
  extensions,
};

const presence: RootCodec<Presence> = root(
  'presence',
  PIDF,
  record<Presence>({
    entity: needed('entity', attribute('entity', token)),
    otherAttributes,
    tuples: children('tuple', tuple),
    notes: children('note', note),
    persons: children(
      'person',
      record<PresencePerson>({
        ...person,
        notes: children('note', note, MODEL),
        timestamp: child('timestamp', token, MODEL),
      }),
      MODEL,
    ),
    devices: children(
      'device',
      record<PresenceDevice>({
        ...person,
        deviceId: child('deviceID', token, MODEL),
        notes: children('note', note, MODEL),
        timestamp: child('timestamp', token, MODEL),
      }),
      MODEL,
    ),
    extensions,
  }),
);
