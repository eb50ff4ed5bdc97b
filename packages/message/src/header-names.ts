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
  readonly shape: Shape;
  /** Several values may stand in one field, joined by commas (RFC 3261 7.3.1). */
  readonly list: boolean;
}

const ONE = false;
const MANY = true;

/**
 * Name, shape, whether one field may hold many, compact form. The five authentication headers are text: their
 * commas separate parameters, and `@sipx/auth` owns their grammar.
 */
const TABLE: readonly (readonly [name: string, shape: Shape, list: boolean, compact?: string])[] = [
  ['Via', 'via', MANY, 'v'],
  ['From', 'address', ONE, 'f'],
  ['To', 'address', ONE, 't'],
  ['Call-ID', 'call-id', ONE, 'i'],
  ['CSeq', 'cseq', ONE],
  ['Contact', 'address', MANY, 'm'],
  ['Max-Forwards', 'number', ONE],
  ['Content-Length', 'number', ONE, 'l'],
  ['Content-Type', 'media', ONE, 'c'],
  ['Route', 'address', MANY],
  ['Record-Route', 'address', MANY],
  ['Proxy-Require', 'token', MANY],
  ['Require', 'token', MANY],
  ['Supported', 'token', MANY, 'k'],
  ['Unsupported', 'token', MANY],
  ['Allow', 'token', MANY],
  ['Expires', 'number', ONE],
  ['Min-Expires', 'number', ONE],
  ['Accept', 'media', MANY],
  ['Accept-Encoding', 'params', MANY],
  ['Accept-Language', 'params', MANY],
  ['Alert-Info', 'address', MANY],
  ['Call-Info', 'address', MANY],
  ['Error-Info', 'address', MANY],
  ['Reply-To', 'address', ONE],
  ['Content-Disposition', 'params', ONE],
  ['Content-Encoding', 'token', MANY, 'e'],
  ['Content-Language', 'token', MANY],
  ['In-Reply-To', 'call-id', MANY],
  ['Priority', 'token', ONE],
  ['Date', 'date', ONE],
  ['Retry-After', 'seconds', ONE],
  ['Timestamp', 'timestamp', ONE],
  ['Warning', 'warning', MANY],
  ['MIME-Version', 'text', ONE],
  ['Organization', 'text', ONE],
  ['Server', 'text', ONE],
  ['Subject', 'text', ONE, 's'],
  ['User-Agent', 'text', ONE],
  ['WWW-Authenticate', 'text', ONE],
  ['Authorization', 'text', ONE],
  ['Proxy-Authenticate', 'text', ONE],
  ['Proxy-Authorization', 'text', ONE],
  ['Authentication-Info', 'text', ONE],
  // RFC 3262, 4028
  ['RAck', 'rack', ONE],
  ['RSeq', 'number', ONE],
  ['Session-Expires', 'seconds', ONE, 'x'],
  ['Min-SE', 'seconds', ONE],
  // RFC 3515, 3891, 3892, 3911, 4538
  ['Refer-To', 'address', ONE, 'r'],
  ['Referred-By', 'address', ONE, 'b'],
  ['Replaces', 'params', ONE],
  ['Join', 'params', ONE],
  ['Target-Dialog', 'params', ONE],
  // RFC 6665, 3903
  ['Event', 'params', ONE, 'o'],
  ['Allow-Events', 'token', MANY, 'u'],
  ['Subscription-State', 'params', ONE],
  ['SIP-ETag', 'token', ONE],
  ['SIP-If-Match', 'token', ONE],
  // RFC 3327, 3608, 5626
  ['Path', 'address', MANY],
  ['Service-Route', 'address', MANY],
  ['Flow-Timer', 'number', ONE],
  // RFC 3323, 3325, 3326, 5806, 7044, 8224
  ['P-Asserted-Identity', 'address', MANY],
  ['P-Preferred-Identity', 'address', MANY],
  ['Privacy', 'token', MANY],
  ['Reason', 'params', MANY],
  ['History-Info', 'address', MANY],
  ['Diversion', 'address', MANY],
  ['Identity', 'params', ONE, 'y'],
  // RFC 3329, 3841, 6086, 7433, 7989
  ['Security-Client', 'params', MANY],
  ['Security-Server', 'params', MANY],
  ['Security-Verify', 'params', MANY],
  ['Accept-Contact', 'params', MANY, 'a'],
  ['Reject-Contact', 'params', MANY, 'j'],
  ['Request-Disposition', 'token', MANY, 'd'],
  ['Recv-Info', 'params', MANY],
  ['Info-Package', 'params', ONE],
  ['User-to-User', 'params', MANY],
  ['Session-ID', 'params', ONE],
];

/** By id; 0 is every name that is not in the table. */
export const HEADERS: readonly Row[] = [
  { name: '', lower: '', shape: 'text', list: false },
  ...TABLE.map(([name, shape, list]): Row => ({ name, lower: name.toLowerCase(), shape, list })),
];

export const UNKNOWN = 0;

const ids: ReadonlyMap<string, number> = new Map(
  TABLE.flatMap(([name, , , compact], at): [string, number][] => [
    [name, at + 1],
    [name.toLowerCase(), at + 1],
    ...(compact ? [[compact, at + 1] as [string, number]] : []),
  ]),
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
