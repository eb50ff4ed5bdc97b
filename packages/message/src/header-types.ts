import { CSeq } from './cseq.ts';
import { malformed } from './grammar.ts';
import { HEADERS, headerId } from './header-names.ts';
import { MediaType } from './media-type.ts';
import { NameAddr } from './name-addr.ts';
import { Via } from './via.ts';

/** What one value of a header is read as; every other header's is its text. */
export interface HeaderTypes {
  Via: Via;
  From: NameAddr;
  To: NameAddr;
  Contact: NameAddr;
  Route: NameAddr;
  'Record-Route': NameAddr;
  Path: NameAddr;
  'Service-Route': NameAddr;
  'P-Asserted-Identity': NameAddr;
  'P-Preferred-Identity': NameAddr;
  'Reply-To': NameAddr;
  'Refer-To': NameAddr;
  'Referred-By': NameAddr;
  CSeq: CSeq;
  'Max-Forwards': number;
  'Content-Length': number;
  /** Seconds. */
  Expires: number;
  'Min-Expires': number;
  'Content-Type': MediaType;
  'Call-ID': string;
  /** A list: one word a value, as in Supported, Require, Proxy-Require and Unsupported. */
  Allow: string;
  Supported: string;
  Require: string;
  'Proxy-Require': string;
  Unsupported: string;
}

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
  /**
   * One value, as `headers.get` reads it.
   * @throws ProtocolError SIPX_PARSE_HEADER
   */
  parse<Name extends string>(name: Name, text: string): HeaderValue<Name> {
    return readValue(headerId(name), text.trim()) as HeaderValue<Name>;
  }
}

/** The typed value of a header by its id. @throws ProtocolError SIPX_PARSE_HEADER */
export const readValue = (id: number, text: string): unknown => {
  switch (HEADERS[id]?.shape) {
    case 'via':
      return Via.parse(text);
    case 'address':
      return NameAddr.parse(text);
    case 'cseq':
      return CSeq.parse(text);
    case 'number':
      return readNumber(HEADERS[id]?.name ?? '', text);
    case 'media-type':
      return MediaType.parse(text);
    default:
      return text;
  }
};

/** What is longer than 32 bits means as much as 32 bits can say: the grammar gives no bound. */
const readNumber = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw malformed(name, 'digits', text);
  return Math.min(Number(text), 2 ** 32 - 1);
};
