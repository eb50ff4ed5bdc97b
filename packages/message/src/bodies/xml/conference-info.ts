import {
  attribute,
  boolean,
  child,
  children,
  type Codec,
  extensions,
  integer,
  list,
  needed,
  otherAttributes,
  record,
  root,
  type RootCodec,
  string,
  token,
  type XMLExtensions,
  within,
  word,
} from './codec.ts';

/** Whether the element tells everything, a part, or that it is gone (RFC 4575 4.2). */
export type ConferenceElementState = 'full' | 'partial' | 'deleted' | (string & {});

/** RFC 4575 5.3.1. */
export interface ConferenceURI extends XMLExtensions {
  readonly uri: string;
  readonly display: string | undefined;
  /** 'participation', 'streaming', 'event', 'recording', 'web-page'. */
  readonly purpose: string | undefined;
}

/** RFC 4575 5.3.4. */
export interface ConferenceMediaType extends XMLExtensions {
  readonly label: string;
  readonly display: string | undefined;
  readonly type: string;
  /** 'sendrecv', 'sendonly', 'recvonly', 'inactive'. */
  readonly status: string | undefined;
}

/** RFC 4575 5.3. */
export interface ConferenceDescription extends XMLExtensions {
  readonly display: string | undefined;
  readonly subject: string | undefined;
  readonly freeText: string | undefined;
  /** Words with spaces between them. */
  readonly keywords: string | undefined;
  readonly conferenceURIs: readonly ConferenceURI[];
  readonly serviceURIs: readonly ConferenceURI[];
  readonly maximumUserCount: number | undefined;
  readonly availableMedia: readonly ConferenceMediaType[];
}

/** RFC 4575 5.4. */
export interface ConferenceHost extends XMLExtensions {
  readonly display: string | undefined;
  readonly webPage: string | undefined;
  readonly uris: readonly ConferenceURI[];
}

/** RFC 4575 5.5. */
export interface ConferenceState extends XMLExtensions {
  readonly userCount: number | undefined;
  readonly active: boolean | undefined;
  readonly locked: boolean | undefined;
}

/** How an endpoint came, or went (RFC 4575 5.7.3). */
export interface ConferenceExecution extends XMLExtensions {
  /** ISO 8601. */
  readonly when: string | undefined;
  readonly reason: string | undefined;
  /** A URI. */
  readonly by: string | undefined;
}

/** RFC 4575 5.8. */
export interface ConferenceMedia extends XMLExtensions {
  readonly id: string;
  readonly display: string | undefined;
  readonly type: string | undefined;
  readonly label: string | undefined;
  /** An SSRC. */
  readonly sourceId: string | undefined;
  readonly status: string | undefined;
}

/** The dialog of an endpoint (RFC 4575 5.7.9). */
export interface ConferenceCall extends XMLExtensions {
  readonly display: string | undefined;
  readonly callId: string | undefined;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
}

/** RFC 4575 5.7. */
export interface ConferenceEndpoint extends XMLExtensions {
  readonly entity: string | undefined;
  readonly state: ConferenceElementState | undefined;
  readonly display: string | undefined;
  readonly referred: ConferenceExecution | undefined;
  /** 'connected', 'on-hold', 'muted-via-focus', 'pending', 'alerting', 'disconnected', … */
  readonly status: string | undefined;
  /** 'dialed-in', 'dialed-out', 'focus-owner'. */
  readonly joiningMethod: string | undefined;
  readonly joiningInfo: ConferenceExecution | undefined;
  /** 'departed', 'booted', 'failed', 'busy'. */
  readonly disconnectionMethod: string | undefined;
  readonly disconnectionInfo: ConferenceExecution | undefined;
  readonly media: readonly ConferenceMedia[];
  readonly call: ConferenceCall | undefined;
}

/** RFC 4575 5.6. */
export interface ConferenceUser extends XMLExtensions {
  readonly entity: string | undefined;
  readonly state: ConferenceElementState | undefined;
  readonly display: string | undefined;
  readonly associatedURIs: readonly ConferenceURI[];
  readonly roles: readonly string[];
  /** Tags with spaces between them. */
  readonly languages: string | undefined;
  readonly cascadedFocus: string | undefined;
  readonly endpoints: readonly ConferenceEndpoint[];
}

export interface ConferenceUsers extends XMLExtensions {
  readonly state: ConferenceElementState | undefined;
  readonly users: readonly ConferenceUser[];
}

/** RFC 4575 5.2. Sidebars (5.9) are among the extensions. */
export interface ConferenceInfo extends XMLExtensions {
  /** The URI of the conference. */
  readonly entity: string;
  readonly state: ConferenceElementState | undefined;
  /** Rises with each document. */
  readonly version: number | undefined;
  readonly description: ConferenceDescription | undefined;
  readonly host: ConferenceHost | undefined;
  readonly conferenceState: ConferenceState | undefined;
  readonly users: ConferenceUsers | undefined;
}

const open = { extensions, otherAttributes };
const display = child('display-text', string);
const state = attribute('state', word<ConferenceElementState>());

const uri: Codec<ConferenceURI> = record<ConferenceURI>({
  otherAttributes,
  uri: needed('uri', child('uri', token)),
  display,
  purpose: child('purpose', token),
  extensions,
});

const description = record<ConferenceDescription>({
  otherAttributes,
  display,
  subject: child('subject', string),
  freeText: child('free-text', string),
  keywords: child('keywords', token),
  conferenceURIs: list('conf-uris', 'entry', uri),
  serviceURIs: list('service-uris', 'entry', uri),
  maximumUserCount: child('maximum-user-count', integer),
  availableMedia: list(
    'available-media',
    'entry',
    record<ConferenceMediaType>({
      label: needed('label', attribute('label', token)),
      otherAttributes,
      display,
      type: needed('type', child('type', token)),
      status: child('status', token),
      extensions,
    }),
  ),
  extensions,
});

const execution = record<ConferenceExecution>({
  otherAttributes,
  when: child('when', token),
  reason: child('reason', string),
  by: child('by', token),
  extensions,
});

const media = record<ConferenceMedia>({
  id: needed('id', attribute('id', token)),
  otherAttributes,
  display,
  type: child('type', token),
  label: child('label', token),
  sourceId: child('src-id', token),
  status: child('status', token),
  extensions,
});

const sip = record<ConferenceCall>({
  otherAttributes,
  display,
  callId: child('call-id', token),
  fromTag: child('from-tag', token),
  toTag: child('to-tag', token),
  extensions,
});

const endpoint = record<ConferenceEndpoint>({
  entity: attribute('entity', token),
  state,
  otherAttributes,
  display,
  referred: child('referred', execution),
  status: child('status', token),
  joiningMethod: child('joining-method', token),
  joiningInfo: child('joining-info', execution),
  disconnectionMethod: child('disconnection-method', token),
  disconnectionInfo: child('disconnection-info', execution),
  media: children('media', media),
  call: within('call-info', child('sip', sip)),
  extensions,
});

const user = record<ConferenceUser>({
  entity: attribute('entity', token),
  state,
  otherAttributes,
  display,
  associatedURIs: list('associated-aors', 'entry', uri),
  roles: list('roles', 'entry', token),
  languages: child('languages', token),
  cascadedFocus: child('cascaded-focus', token),
  endpoints: children('endpoint', endpoint),
  extensions,
});

export const conferenceInfo: RootCodec<ConferenceInfo> = root(
  'conference-info',
  'urn:ietf:params:xml:ns:conference-info',
  record<ConferenceInfo>({
    entity: needed('entity', attribute('entity', token)),
    state,
    version: attribute('version', integer),
    otherAttributes,
    description: child('conference-description', description),
    host: child(
      'host-info',
      record<ConferenceHost>({
        otherAttributes,
        display,
        webPage: child('web-page', token),
        uris: list('uris', 'entry', uri),
        extensions,
      }),
    ),
    conferenceState: child(
      'conference-state',
      record<ConferenceState>({
        otherAttributes,
        userCount: child('user-count', integer),
        active: child('active', boolean),
        locked: child('locked', boolean),
        extensions,
      }),
    ),
    users: child(
      'users',
      record<ConferenceUsers>({ state, ...open, users: children('user', user) }),
    ),
    extensions,
  }),
);
