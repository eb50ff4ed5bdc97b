import { CSeq } from './cseq.ts';
import { DeltaSeconds } from './delta-seconds.ts';
import { malformed, trimmed } from './grammar.ts';
import { HEADERS, headerId } from './header-names.ts';
import { DEFAULT_LENIENCIES, type Leniencies, mended, refuse } from './leniencies.ts';
import { MediaType } from './media-type.ts';
import { NameAddr } from './name-addr.ts';
import { Parameterized } from './parameterized.ts';
import { RAck } from './rack.ts';
import { SIPDate } from './sip-date.ts';
import { Timestamp } from './timestamp.ts';
import { Via } from './via.ts';
import { Warning } from './warning.ts';

/** What one value of a header is read as; every other header's is its text. */
export interface HeaderTypes extends Addresses, Words, Tokens, Numbers {
  Via: Via;
  CSeq: CSeq;
  RAck: RAck;
  Date: SIPDate;
  Timestamp: Timestamp;
  Warning: Warning;
  'Retry-After': DeltaSeconds;
  'Session-Expires': DeltaSeconds;
  'Min-SE': DeltaSeconds;
  'Content-Type': MediaType;
  /** A media range: `*` stands for any type or subtype. */
  Accept: MediaType;
}

type Addresses = Record<
  | 'From'
  | 'To'
  | 'Contact'
  | 'Route'
  | 'Record-Route'
  | 'Reply-To'
  | 'Alert-Info'
  | 'Call-Info'
  | 'Error-Info'
  | 'Refer-To'
  | 'Referred-By'
  | 'Path'
  | 'Service-Route'
  | 'P-Asserted-Identity'
  | 'P-Preferred-Identity'
  | 'History-Info'
  | 'Diversion',
  NameAddr
>;

/** A word and parameters. */
type Words = Record<
  | 'Accept-Encoding'
  | 'Accept-Language'
  | 'Content-Disposition'
  | 'Event'
  | 'Subscription-State'
  | 'Reason'
  | 'Replaces'
  | 'Join'
  | 'Target-Dialog'
  | 'Identity'
  | 'Security-Client'
  | 'Security-Server'
  | 'Security-Verify'
  | 'Accept-Contact'
  | 'Reject-Contact'
  | 'Recv-Info'
  | 'Info-Package'
  | 'User-to-User'
  | 'Session-ID',
  Parameterized
>;

/** In a list, a value is one word of it. */
type Tokens = Record<
  | 'Allow'
  | 'Supported'
  | 'Require'
  | 'Proxy-Require'
  | 'Unsupported'
  | 'Allow-Events'
  | 'Content-Encoding'
  | 'Content-Language'
  | 'Privacy'
  | 'Request-Disposition'
  | 'Call-ID'
  | 'In-Reply-To'
  | 'Priority'
  | 'SIP-ETag'
  | 'SIP-If-Match',
  string
>;

/** Expires, Min-Expires and Flow-Timer are seconds. What is longer than 32 bits is the largest of them. */
type Numbers = Record<
  'Max-Forwards' | 'Content-Length' | 'Expires' | 'Min-Expires' | 'RSeq' | 'Flow-Timer',
  number
>;

/** The compact forms of those whose values are not text (RFC 3261 7.3.3). */
interface CompactTypes {
  v: Via;
  f: NameAddr;
  t: NameAddr;
  m: NameAddr;
  r: NameAddr;
  b: NameAddr;
  l: number;
  c: MediaType;
  x: DeltaSeconds;
  o: Parameterized;
  y: Parameterized;
  a: Parameterized;
  j: Parameterized;
}

type ByLowerName = {
  [Name in keyof HeaderTypes as Lowercase<Name>]: HeaderTypes[Name];
} & CompactTypes;

/** By the literal name, in any case; for a name known only at run time, all that it may be. */
export type HeaderValue<Name extends string> = string extends Name
  ? string | HeaderTypes[keyof HeaderTypes]
  : Lowercase<Name> extends keyof ByLowerName
    ? ByLowerName[Lowercase<Name>]
    : string;

/** Reads header values outside a message. */
export class HeaderParser {
  private readonly leniencies: Leniencies;

  constructor(leniencies: Leniencies = DEFAULT_LENIENCIES) {
    this.leniencies = leniencies;
  }

  /**
   * One value, as `headers.get` reads it.
   * @throws ProtocolError SIPX_PARSE_HEADER
   */
  parse<Name extends string>(name: Name, text: string): HeaderValue<Name> {
    return readValue(headerId(name), trimmed(text), this.leniencies) as HeaderValue<Name>;
  }
}

/** The typed value of a header by its id. @throws ProtocolError SIPX_PARSE_HEADER */
export const readValue = (
  id: number,
  text: string,
  leniencies: Leniencies = DEFAULT_LENIENCIES,
): unknown => {
  const { name = '', shape } = HEADERS[id] ?? {};
  let value: unknown;
  try {
    value = readExact(id, text);
  } catch (error) {
    const meant = mended(shape, text, leniencies);
    if (meant === undefined) throw error;
    value = readExact(id, meant);
  }
  if (leniencies !== DEFAULT_LENIENCIES) refuse(value, name, leniencies);
  return value;
};

const readExact = (id: number, text: string): unknown => {
  const name = HEADERS[id]?.name;
  switch (HEADERS[id]?.shape) {
    case 'via':
      return Via.parse(text);
    case 'address':
      return NameAddr.parse(text);
    case 'cseq':
      return CSeq.parse(text);
    case 'number':
      return readNumber(name ?? '', text);
    case 'media':
      return MediaType.parse(text);
    case 'params':
      return Parameterized.parse(text, name);
    case 'seconds':
      return DeltaSeconds.parse(text, name);
    case 'date':
      return SIPDate.parse(text);
    case 'timestamp':
      return Timestamp.parse(text);
    case 'rack':
      return RAck.parse(text);
    case 'warning':
      return Warning.parse(text);
    default:
      return text;
  }
};

/** What is longer than 32 bits means as much as 32 bits can say: the grammar gives no bound. */
const readNumber = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw malformed(name, 'digits', text);
  return Math.min(Number(text), 2 ** 32 - 1);
};
