/** How a header's values are read. */
type Shape =
  | 'via'
  | 'address'
  | 'cseq'
  | 'number'
  | 'media-type'
  /** One word of a comma-separated list. */
  | 'token'
  /** The text itself, commas and all. */
  | 'text';

interface Row {
  readonly name: string;
  readonly lower: string;
  readonly shape: Shape;
  /** Several values may stand in one field, joined by commas (RFC 3261 7.3.1). */
  readonly list: boolean;
}

/**
 * Name, shape, compact form. `list` follows the shape but for the single-valued addresses. The five
 * authentication headers are text: their commas separate parameters, and `@sipx/auth` owns their grammar.
 */
const TABLE: readonly (readonly [name: string, shape: Shape, compact?: string])[] = [
  ['Via', 'via', 'v'],
  ['From', 'address', 'f'],
  ['To', 'address', 't'],
  ['Call-ID', 'text', 'i'],
  ['CSeq', 'cseq'],
  ['Contact', 'address', 'm'],
  ['Max-Forwards', 'number'],
  ['Content-Length', 'number', 'l'],
  ['Content-Type', 'media-type', 'c'],
  ['Route', 'address'],
  ['Record-Route', 'address'],
  ['Expires', 'number'],
  ['Min-Expires', 'number'],
  ['Allow', 'token'],
  ['Supported', 'token', 'k'],
  ['Require', 'token'],
  ['Proxy-Require', 'token'],
  ['Unsupported', 'token'],
  ['Accept', 'token'],
  ['Accept-Encoding', 'token'],
  ['Accept-Language', 'token'],
  ['Content-Encoding', 'token', 'e'],
  ['Content-Language', 'token'],
  ['In-Reply-To', 'token'],
  ['Allow-Events', 'token', 'u'],
  ['Alert-Info', 'token'],
  ['Call-Info', 'token'],
  ['Error-Info', 'token'],
  ['Warning', 'token'],
  ['Reason', 'token'],
  ['Path', 'address'],
  ['Service-Route', 'address'],
  ['P-Asserted-Identity', 'address'],
  ['P-Preferred-Identity', 'address'],
  ['Reply-To', 'address'],
  ['Refer-To', 'address', 'r'],
  ['Referred-By', 'address', 'b'],
  ['WWW-Authenticate', 'text'],
  ['Authorization', 'text'],
  ['Proxy-Authenticate', 'text'],
  ['Proxy-Authorization', 'text'],
  ['Authentication-Info', 'text'],
  ['Content-Disposition', 'text'],
  ['Date', 'text'],
  ['Event', 'text', 'o'],
  ['MIME-Version', 'text'],
  ['Organization', 'text'],
  ['Priority', 'text'],
  ['Retry-After', 'text'],
  ['Server', 'text'],
  ['Subject', 'text', 's'],
  ['Timestamp', 'text'],
  ['User-Agent', 'text'],
  ['Session-Expires', 'text', 'x'],
  ['Subscription-State', 'text'],
];

const SINGLE = new Set(['From', 'To', 'Reply-To', 'Refer-To', 'Referred-By']);
const LISTS = new Set<Shape>(['via', 'address', 'token']);

/** By id; 0 is every name that is not in the table. */
export const HEADERS: readonly Row[] = [
  { name: '', lower: '', shape: 'text', list: false },
  ...TABLE.map(([name, shape]): Row => {
    const list = LISTS.has(shape) && !SINGLE.has(name);
    return { name, lower: name.toLowerCase(), shape, list };
  }),
];

export const UNKNOWN = 0;

const ids: ReadonlyMap<string, number> = new Map(
  TABLE.flatMap(([name, , compact], at): [string, number][] => [
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

const LOWER = 32;
const SLOTS = 1_024;

/** Where a name of these first, middle and last octets and this length would be. */
const slot = (length: number, first: number, middle: number, last: number): number =>
  (length * 71 + (first | LOWER) * 13 + (middle | LOWER) * 5 + (last | LOWER)) & (SLOTS - 1);

const compactIds: Uint8Array = new Uint8Array(256);
const slots: Uint8Array = new Uint8Array(SLOTS);
/** The next id in the same slot: names can be made to collide, so each hit is compared in full. */
const nextInSlot: Uint8Array = new Uint8Array(HEADERS.length);
const codes: readonly Uint8Array[] = HEADERS.map(({ lower }) =>
  Uint8Array.from(lower, (char) => char.charCodeAt(0)),
);

for (const [name, id] of ids) {
  if (name.length === 1) compactIds[name.charCodeAt(0)] = id;
}
for (const [id, code] of codes.entries()) {
  if (id === UNKNOWN) continue;
  const { length } = code;
  const at = slot(length, code[0] ?? 0, code[length >> 1] ?? 0, code[length - 1] ?? 0);
  nextInSlot[id] = slots[at] ?? UNKNOWN;
  slots[at] = id;
}

/** As `headerId`, of the token that stands at these octets. */
export const headerIdAt = (bytes: Uint8Array, from: number, to: number): number => {
  const length = to - from;
  const first = bytes[from] ?? 0;
  if (length === 1) return compactIds[first | LOWER] ?? UNKNOWN;
  const middle = bytes[from + (length >> 1)] ?? 0;
  let id = slots[slot(length, first, middle, bytes[to - 1] ?? 0)] ?? UNKNOWN;
  while (id !== UNKNOWN) {
    const code = codes[id];
    if (code !== undefined && code.length === length && matches(bytes, from, code)) return id;
    id = nextInSlot[id] ?? UNKNOWN;
  }
  return UNKNOWN;
};

/** Setting one bit lowers letters, and leaves a token's hyphen and digits as they are. */
const matches = (bytes: Uint8Array, from: number, code: Uint8Array): boolean => {
  for (let i = 0; i < code.length; i += 1) {
    if (((bytes[from + i] ?? 0) | LOWER) !== code[i]) return false;
  }
  return true;
};
