import { MediaType } from '../../media-type.ts';
import type { BodyLimits } from '../body.ts';
import {
  attribute,
  child,
  children,
  type Codec,
  extensions,
  type Field,
  integer,
  needed,
  otherAttributes,
  ownText,
  record,
  root,
  type RootCodec,
  string,
  token,
  type XMLExtensions,
  type XMLParts,
  word,
} from './codec.ts';
import { type ReadDocument, readDocument, XMLDocument } from './xml-body.ts';

const DIALOG_INFO = 'urn:ietf:params:xml:ns:dialog-info';

/** RFC 4235 4.1.2. */
export interface DialogInfoState extends XMLExtensions {
  readonly value: 'trying' | 'proceeding' | 'early' | 'confirmed' | 'terminated' | (string & {});
  readonly event:
    | 'cancelled'
    | 'rejected'
    | 'replaced'
    | 'local-bye'
    | 'remote-bye'
    | 'error'
    | 'timeout'
    | (string & {})
    | undefined;
  /** The status that went with it. */
  readonly code: number | undefined;
}

/** A URI with the name that is shown for it. */
export interface DialogInfoName extends XMLExtensions {
  readonly uri: string;
  readonly display: string | undefined;
}

/** RFC 4235 4.1.6: the Contact, with parameters such as `+sip.rendering`. */
export interface DialogInfoTarget extends XMLExtensions {
  readonly uri: string;
  readonly params: readonly { readonly name: string; readonly value: string | undefined }[];
}

/** One end of a dialog (RFC 4235 4.1.6). */
export interface DialogInfoParticipant extends XMLExtensions {
  readonly identity: DialogInfoName | undefined;
  readonly target: DialogInfoTarget | undefined;
  readonly sessionDescription: { readonly type: string; readonly text: string } | undefined;
  readonly cseq: number | undefined;
}

/** RFC 4235 4.1.1. */
export interface DialogInfoDialog extends XMLExtensions {
  readonly id: string;
  readonly callId: string | undefined;
  readonly localTag: string | undefined;
  readonly remoteTag: string | undefined;
  readonly direction: 'initiator' | 'recipient' | (string & {}) | undefined;
  readonly state: DialogInfoState;
  /** Seconds. */
  readonly duration: number | undefined;
  readonly replaces:
    | { readonly callId: string; readonly localTag: string; readonly remoteTag: string }
    | undefined;
  readonly referredBy: DialogInfoName | undefined;
  readonly routeSet: DialogInfoRouteSet | undefined;
  readonly local: DialogInfoParticipant | undefined;
  readonly remote: DialogInfoParticipant | undefined;
}

/** RFC 4235 4.1.5. */
export interface DialogInfoRouteSet extends XMLExtensions {
  /** URIs. */
  readonly hops: readonly string[];
}

/** RFC 4235 4.1. */
export interface DialogInfo extends XMLExtensions {
  /** Rises with each document. */
  readonly version: number;
  readonly state: 'full' | 'partial' | (string & {});
  /** Whose dialogs: a URI. */
  readonly entity: string;
  readonly dialogs: readonly DialogInfoDialog[];
}

/** The dialogs of a user (RFC 4235), what a busy lamp field shows: application/dialog-info+xml. */
export class DialogInfoBody extends XMLDocument implements DialogInfo {
  readonly type = 'dialog-info';
  readonly version: number;
  readonly state: DialogInfo['state'];
  readonly entity: string;
  readonly dialogs: readonly DialogInfoDialog[];
  readonly extensions: DialogInfo['extensions'];
  readonly otherAttributes: DialogInfo['otherAttributes'];

  /** @throws UsageError SIPX_USAGE */
  constructor(parts: XMLParts<DialogInfo>, read?: ReadDocument) {
    const element = read?.root ?? dialogInfo.write(parts);
    super(element, read?.mediaType ?? TYPE, read?.source);
    const value = dialogInfo.read(element);
    this.version = value.version;
    this.state = value.state;
    this.entity = value.entity;
    this.dialogs = value.dialogs;
    this.extensions = value.extensions;
    this.otherAttributes = value.otherAttributes;
  }

  /** @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY */
  static parse(
    content: string | Uint8Array,
    mediaType: MediaType = TYPE,
    limits: Partial<BodyLimits> = {},
  ): DialogInfoBody {
    return new DialogInfoBody(NOTHING, readDocument(content, mediaType, limits));
  }

  /** What is the same value as before is written as it was. @throws UsageError SIPX_USAGE */
  with(changes: Partial<XMLParts<DialogInfo>>): DialogInfoBody {
    return new DialogInfoBody({ ...this, ...changes });
  }
}

const TYPE = /* @__PURE__ */ new MediaType('application', 'dialog-info+xml');
const NOTHING: XMLParts<DialogInfo> = { version: 0, state: 'full', entity: '' };

const open = { extensions, otherAttributes };
const textAttribute = (name: string): Field<string> => needed(name, attribute(name, token));

const nameAddress = record<DialogInfoName>({
  display: attribute('display', string),
  ...open,
  uri: ownText(token),
});

const participant = record<DialogInfoParticipant>({
  otherAttributes,
  identity: child('identity', nameAddress),
  target: child(
    'target',
    record<DialogInfoTarget>({
      uri: textAttribute('uri'),
      otherAttributes,
      params: children(
        'param',
        record<DialogInfoTarget['params'][number]>({
          name: textAttribute('pname'),
          value: attribute('pval', string),
        }),
      ),
      extensions,
    }),
  ),
  sessionDescription: child(
    'session-description',
    record<NonNullable<DialogInfoParticipant['sessionDescription']>>({
      type: textAttribute('type'),
      text: ownText(string),
    }),
  ),
  cseq: child('cseq', integer),
  extensions,
});

const dialog: Codec<DialogInfoDialog> = record<DialogInfoDialog>({
  id: textAttribute('id'),
  callId: attribute('call-id', token),
  localTag: attribute('local-tag', token),
  remoteTag: attribute('remote-tag', token),
  direction: attribute('direction', word<'initiator' | 'recipient'>()),
  otherAttributes,
  state: needed(
    'state',
    child(
      'state',
      record<DialogInfoState>({
        event: attribute('event', word<NonNullable<DialogInfoState['event']>>()),
        code: attribute('code', integer),
        ...open,
        value: ownText(word<DialogInfoState['value']>()),
      }),
    ),
  ),
  duration: child('duration', integer),
  replaces: child(
    'replaces',
    record<NonNullable<DialogInfoDialog['replaces']>>({
      callId: textAttribute('call-id'),
      localTag: textAttribute('local-tag'),
      remoteTag: textAttribute('remote-tag'),
    }),
  ),
  referredBy: child('referred-by', nameAddress),
  routeSet: child(
    'route-set',
    record<DialogInfoRouteSet>({ otherAttributes, hops: children('hop', token), extensions }),
  ),
  local: child('local', participant),
  remote: child('remote', participant),
  extensions,
});

const dialogInfo: RootCodec<DialogInfo> = root(
  'dialog-info',
  DIALOG_INFO,
  record<DialogInfo>({
    version: needed('version', attribute('version', integer)),
    state: needed('state', attribute('state', word<DialogInfo['state']>())),
    entity: textAttribute('entity'),
    otherAttributes,
    dialogs: children('dialog', dialog),
    extensions,
  }),
);
