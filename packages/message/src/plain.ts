import { CALL_ID, CSEQ, VIA } from './header-names.ts';
import {
  CALL_ID_WORD,
  DISPLAY,
  HOST,
  OCTET_CLASS,
  PARAM_VALUE,
  TOKEN,
  URI_PARAM,
  USER,
} from './octet-class.ts';
import {
  AT,
  COLON,
  COMMA,
  CR,
  DOT,
  EQUALS,
  GREATER,
  HYPHEN,
  LESS,
  QUOTE,
  SEMICOLON,
  SLASH,
  SPACE,
  ZERO,
} from './octets.ts';

/**
 * The plain form of values: what nearly all are in. One pass over the octets checks the whole of one, so that
 * it need not be taken apart before somebody asks for a part; all others are read step by step.
 *
 * Where the value ends, at a CR or a comma; -1 when it is not of the plain form, or longer than anybody's. Where
 * the parts are that everybody asks for is then in `found`.
 */
export const plainEnd = (id: number, bytes: Uint8Array, from: number): number => {
  found.layout = 0;
  const end =
    id === VIA
      ? viaEnd(bytes, from)
      : id === CALL_ID
        ? callIdEnd(bytes, from)
        : id === CSEQ
          ? cseqEnd(bytes, from)
          : addressEnd(id, bytes, from);
  return end < 0 || end - from > LONGEST || !isStop(bytes[end]) ? -1 : end;
};

export const found: { layout: number } = { layout: 0 };

/** In a layout, the place of the bracket that closes an address; parts are an octet each. */
export const closeOf = (layout: number): number => (layout >> 8) & 255;
/** Of the parameter that everybody asks for, a Via's branch or an address's tag: where its value starts, 0 for none. */
export const startOf = (layout: number): number => (layout >> 16) & 255;
/** And its length. */
export const lengthOf = (layout: number): number => layout >> 24;

/** As most are written: one space, a name or an IPv4 address, parameters without quotes and white space. */
const viaEnd = (bytes: Uint8Array, from: number): number => {
  if (
    bytes[from] !== 83 ||
    bytes[from + 1] !== 73 ||
    bytes[from + 2] !== 80 ||
    bytes[from + 3] !== SLASH ||
    bytes[from + 4] !== 50 ||
    bytes[from + 5] !== 46 ||
    bytes[from + 6] !== 48 ||
    bytes[from + 7] !== SLASH
  ) {
    return -1;
  }
  const space = runEnd(bytes, from + 8, TOKEN);
  if (bytes[space] !== SPACE || space === from + 8) return -1;
  const at = hostPortEnd(bytes, space + 1);
  return at < 0 ? -1 : paramsEnd(VIA, bytes, from, at);
};

/** Quotes without escapes or none, brackets around a plain SIP URI, parameters without quotes and white space. */
const addressEnd = (id: number, bytes: Uint8Array, from: number): number => {
  let at = from;
  if (bytes[at] === QUOTE) {
    at = runEnd(bytes, at + 1, DISPLAY);
    if (bytes[at] !== QUOTE || bytes[at + 1] !== SPACE || at === from + 1) return -1;
    at += 2;
  }
  if (bytes[at] !== LESS) return -1;
  const close = uriEnd(bytes, at + 1);
  return close > 0 && bytes[close] === GREATER ? paramsEnd(id, bytes, from, close + 1) : -1;
};

/**
 * A sip: or sips: URI: a user without password, `@`, a name or an IPv4 address; no escapes and no headers.
 * Where it ends, whatever stands there; -1 when it is not that.
 */
const uriEnd = (bytes: Uint8Array, from: number): number => {
  if (bytes[from] !== 115 || bytes[from + 1] !== 105 || bytes[from + 2] !== 112) return -1;
  const colon = bytes[from + 3] === 115 ? from + 4 : from + 3;
  if (bytes[colon] !== COLON) return -1;
  const user = runEnd(bytes, colon + 1, USER);
  let at = hostPortEnd(bytes, bytes[user] === AT && user > colon + 1 ? user + 1 : colon + 1);
  if (at < 0) return -1;
  while (bytes[at] === SEMICOLON) {
    const param = at + 1;
    at = runEnd(bytes, param, URI_PARAM);
    if (at === param || bytes[param] === EQUALS) return -1;
  }
  return at;
};

const hostPortEnd = (bytes: Uint8Array, from: number): number => {
  const end = runEnd(bytes, from, HOST);
  if (end === from || bytes[from] === DOT || bytes[from] === HYPHEN || bytes[end - 1] === HYPHEN) {
    return -1;
  }
  if (bytes[end] !== COLON) return end;
  let port = 0;
  let at = end + 1;
  for (; isDigit(bytes[at]); at += 1) port = port * 10 + (bytes[at] as number) - 48;
  return at === end + 1 || at > end + 6 || port > 65_535 ? -1 : at;
};

/** From the octet behind what stands before them, whether there are any or not. */
const paramsEnd = (id: number, bytes: Uint8Array, origin: number, from: number): number => {
  let start = 0;
  let length = 0;
  let at = from;
  while (bytes[at] === SEMICOLON) {
    const name = at + 1;
    at = runEnd(bytes, name, TOKEN);
    if (at === name) return -1;
    if (bytes[at] !== EQUALS) continue;
    const value = at + 1;
    at = runEnd(bytes, value, PARAM_VALUE);
    if (at === value) return -1;
    if (start !== 0 || !(id === VIA ? isBranch(bytes, name, value) : isTag(bytes, name, value)))
      continue;
    start = value - origin;
    length = at - value;
  }
  found.layout = ((from - 1 - origin) << 8) | (start << 16) | (length << 24);
  return length > 127 ? -1 : at;
};

const isTag = (bytes: Uint8Array, from: number, value: number): boolean =>
  value === from + 4 && bytes[from] === 116 && bytes[from + 1] === 97 && bytes[from + 2] === 103;

const isBranch = (bytes: Uint8Array, from: number, value: number): boolean =>
  value === from + 7 &&
  bytes[from] === 98 &&
  bytes[from + 1] === 114 &&
  bytes[from + 2] === 97 &&
  bytes[from + 3] === 110 &&
  bytes[from + 4] === 99 &&
  bytes[from + 5] === 104;

const callIdEnd = (bytes: Uint8Array, from: number): number => {
  const end = runEnd(bytes, from, CALL_ID_WORD);
  if (end === from || bytes[end] !== AT) return end === from ? -1 : end;
  const host = runEnd(bytes, end + 1, CALL_ID_WORD);
  return host === end + 1 ? -1 : host;
};

/** A number below 2^32 and a method. */
const cseqEnd = (bytes: Uint8Array, from: number): number => {
  let number = 0;
  let at = from;
  for (; isDigit(bytes[at]); at += 1) number = number * 10 + (bytes[at] as number) - 48;
  if (at === from || bytes[at] !== SPACE || number > 0xffff_ffff) return -1;
  const end = runEnd(bytes, at + 1, TOKEN);
  return end === at + 1 ? -1 : end;
};

/** Where the run of octets of a class ends. */
const runEnd = (bytes: Uint8Array, from: number, octetClass: number): number => {
  let at = from;
  while (((OCTET_CLASS[bytes[at] as number] as number) & octetClass) !== 0) at += 1;
  return at;
};

const isDigit = (octet: number | undefined): boolean =>
  octet !== undefined && octet >= 48 && octet <= 57;
const isStop = (octet: number | undefined): boolean => octet === CR || octet === COMMA;

const LONGEST = 255;

/** Of digits that are known to be such. */
export const numberIn = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
};
