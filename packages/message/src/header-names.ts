/** How a header's values are read: one small file a shape, and a line in header-types.ts. */
export type Shape =
  | 'via'
  /** `"name" <URI>;parameters`, or a URI without brackets. */
  | 'address'
  | 'cseq'
  | 'number'
  /** `type/subtype;parameters`, with `*` for any. */
  | 'media'
  /** A word, or a quoted text, with parameters. */
  | 'params'
  /** Seconds, a comment, parameters. */
  | 'seconds'
  | 'date'
  | 'timestamp'
  | 'rack'
  | 'warning'
  /** A word that is read as text. */
  | 'token'
  | 'call-id'
  /** The text itself, commas and all. */
  | 'text';

interface Row {
  readonly name: string;
  readonly lower: string;
  readonly compact: string | undefined;
  readonly shape: Shape;
  /** Several values may stand in one field, joined by commas (RFC 3261 7.3.1). */
  readonly list: boolean;
}

const ONE = false;
const MANY = true;

/**
 * Shape, whether one field may hold many, names with their compact forms. The five authentication headers are text:
 * their commas separate parameters, and `@sipx/auth` owns their grammar.
 */
const TABLE: readonly (readonly [shape: Shape, list: boolean, names: string])[] = [
  ['via', MANY, 'Via/v'],
  ['address', ONE, 'From/f To/t'],
  ['call-id', ONE, 'Call-ID/i'],
  ['cseq', ONE, 'CSeq'],
  ['address', MANY, 'Contact/m Route Record-Route'],
  ['number', ONE, 'Max-Forwards Content-Length/l Expires Min-Expires'],
  ['media', ONE, 'Content-Type/c'],
  ['media', MANY, 'Accept'],
  ['token', MANY, 'Allow Supported/k Require Proxy-Require Unsupported'],
  ['token', MANY, 'Content-Encoding/e Content-Language'],
  ['token', ONE, 'Priority'],
  ['params', MANY, 'Accept-Encoding Accept-Language'],
  ['params', ONE, 'Content-Disposition'],
  ['address', MANY, 'Alert-Info Call-Info Error-Info'],
  ['address', ONE, 'Reply-To'],
  ['call-id', MANY, 'In-Reply-To'],
  ['date', ONE, 'Date'],
  ['timestamp', ONE, 'Timestamp'],
  ['warning', MANY, 'Warning'],
  ['text', ONE, 'User-Agent Server Subject/s Organization MIME-Version'],
  ['text', ONE, 'WWW-Authenticate Authorization Proxy-Authenticate Proxy-Authorization'],
  ['text', ONE, 'Authentication-Info'],
  // RFC 3262, 4028, 5626
  ['rack', ONE, 'RAck'],
  ['number', ONE, 'RSeq Flow-Timer'],
  ['seconds', ONE, 'Retry-After Session-Expires/x Min-SE'],
  // RFC 3325, 3327, 3515, 3608, 3892, 5806, 7044
  ['address', ONE, 'Refer-To/r Referred-By/b'],
  [
    'address',
    MANY,
    'Path Service-Route P-Asserted-Identity P-Preferred-Identity History-Info Diversion',
  ],
  // RFC 3891, 3911, 4538, 6086, 6665, 7989, 8224
  [
    'params',
    ONE,
    'Event/o Subscription-State Replaces Join Target-Dialog Info-Package Session-ID Identity/y',
  ],
  // RFC 3326, 3329, 3841, 6086, 7433
  ['params', MANY, 'Reason Security-Client Security-Server Security-Verify'],
  ['params', MANY, 'Accept-Contact/a Reject-Contact/j Recv-Info User-to-User'],
  // RFC 3323, 3841, 3903, 6665
  ['token', MANY, 'Allow-Events/u Privacy Request-Disposition/d'],
  ['token', ONE, 'SIP-ETag SIP-If-Match'],
];

const rowsOf = ([shape, list, names]: (typeof TABLE)[number]): Row[] =>
  names.split(' ').map((given) => {
    const [name = '', compact] = given.split('/');
    return { name, lower: name.toLowerCase(), compact, shape, list };
  });

/** By id; 0 is every name that is not in the table. */
export const HEADERS: readonly Row[] = [
  { name: '', lower: '', compact: undefined, shape: 'text', list: false },
  ...TABLE.flatMap(rowsOf),
];

export const UNKNOWN = 0;

const ids: ReadonlyMap<string, number> = new Map(
  HEADERS.flatMap(({ name, lower, compact = lower }, id) =>
    [name, lower, compact].map((one) => [one, id] as const),
  ),
);

/** The id of a name in any case, in its full or compact form; 0 when it is not in the table. */
export const headerId = (name: string): number =>
  ids.get(name) ?? ids.get(name.toLowerCase()) ?? UNKNOWN;

export const VIA: number = headerId('Via');
export const FROM: number = headerId('From');
export const TO: number = headerId('To');
export const CALL_ID: number = headerId('Call-ID');
export const CSEQ: number = headerId('CSeq');
export const CONTACT: number = headerId('Contact');
export const MAX_FORWARDS: number = headerId('Max-Forwards');
export const ROUTE: number = headerId('Route');
export const CONTENT_LENGTH: number = headerId('Content-Length');
export const TIMESTAMP: number = headerId('Timestamp');
export const RECORD_ROUTE: number = headerId('Record-Route');
export const PRIVACY: number = headerId('Privacy');

/** The six that everybody reads, the first in the table, have ids below this. */
export const HOT = 7;
