import { latin1 } from './bytes.ts';
import { CSeq } from './cseq.ts';
import { firstValue, textsOf } from './field-values.ts';
import type { Head } from './head.ts';
import { CALL_ID, CSEQ, HEADERS, HOT, VIA } from './header-names.ts';
import { readValue } from './header-types.ts';
import { NameAddr } from './name-addr.ts';
import { COMMA, HTAB, NINE, SPACE, ZERO } from './octets.ts';
import { found, plainEnd } from './plain.ts';
import { Via } from './via.ts';

/** The first value of one of the headers that everybody reads. @throws ProtocolError SIPX_PARSE_HEADER */
export const firstOf = (head: Head, id: number): unknown => {
  const value = head.known(id);
  return typeof value === 'number' ? readFirst(head, id, value) : value;
};

/** Whether it is known that its first field is of the plain form, and so has this one value. */
const isPlain = (head: Head, id: number): boolean => {
  const value = head.known(id);
  return typeof value === 'number' && value > 0;
};

const readFirst = (head: Head, id: number, layout: number): unknown => {
  if (layout === 0) return undefined;
  const value = layout > 0 ? knownPlain(head, id, layout) : firstIn(head, id, -layout - 1);
  head.learn(id, value);
  return value;
};

const knownPlain = (head: Head, id: number, layout: number): unknown => {
  const { bytes } = head;
  const nth = (layout & 127) - 1;
  const from = head.valueStart(nth);
  const to = head.plainEnd(nth);
  if (id === CSEQ) return CSeq.plain(bytes, from, to);
  const text = latin1(bytes, from, to);
  if (id === CALL_ID) return text;
  return id === VIA ? Via.plain(text, layout) : NameAddr.plain(text, layout);
};

/** The first value of the nth field; undefined for an empty list. @throws ProtocolError SIPX_PARSE_HEADER */
export const firstIn = (head: Head, id: number, nth: number): unknown => {
  const { leniencies } = head;
  const shape = HEADERS[id]?.shape;
  if (!leniencies && shape === 'number') {
    const value = numberOf(head, nth);
    if (value >= 0) return value;
  } else if (!leniencies && (shape === 'via' || shape === 'address')) {
    const from = head.valueStart(nth);
    const end = plainEnd(id, head.bytes, from);
    if (end === head.plainEnd(nth) || (end > 0 && HEADERS[id]?.list && head.bytes[end] === COMMA)) {
      return made(shape, head.bytes, from, end);
    }
  }
  return firstValue(id, head.text(nth), leniencies);
};

const made = (shape: 'via' | 'address', bytes: Uint8Array, from: number, to: number): unknown => {
  const text = latin1(bytes, from, to);
  return shape === 'via' ? Via.plain(text, found.layout) : NameAddr.plain(text, found.layout);
};

/** Every value of a header. @throws ProtocolError SIPX_PARSE_HEADER */
export const allOf = (head: Head, id: number): unknown[] => {
  let nth = head.find(id);
  if (nth < 0) return [];
  const values: unknown[] = [];
  if (id < HOT && isPlain(head, id)) {
    values[0] = firstOf(head, id);
    nth = head.find(id, nth + 1);
  }
  for (; nth >= 0; nth = head.find(id, nth + 1)) addAll(head, id, nth, values);
  return values;
};

const addAll = (head: Head, id: number, nth: number, values: unknown[]): void => {
  const { shape } = HEADERS[id] ?? {};
  if (!HEADERS[id]?.list) values.push(firstIn(head, id, nth));
  else if ((shape !== 'via' && shape !== 'address') || !addPlain(head, id, nth, shape, values)) {
    const { leniencies } = head;
    for (const text of textsOf(id, head.text(nth), leniencies)) {
      values.push(readValue(id, text, leniencies));
    }
  }
};

/** Every value of the nth field, if all are of the plain form; false and none when they are not. */
const addPlain = (
  head: Head,
  id: number,
  nth: number,
  shape: 'via' | 'address',
  values: unknown[],
): boolean => {
  if (head.leniencies) return false;
  const { bytes } = head;
  const before = values.length;
  const to = head.plainEnd(nth);
  let from = head.valueStart(nth);
  for (;;) {
    const end = plainEnd(id, bytes, from);
    if (end !== to && (end < 0 || bytes[end] !== COMMA)) {
      values.length = before;
      return false;
    }
    values.push(made(shape, bytes, from, end));
    if (end === to) return true;
    from = end + 1;
    while (bytes[from] === SPACE || bytes[from] === HTAB) from += 1;
  }
};

/** Nine digits at most, so that it is below 2^32; -1 when it is not that. */
const numberOf = (head: Head, nth: number): number => {
  const { bytes } = head;
  const from = head.valueStart(nth);
  const to = head.plainEnd(nth);
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const octet = bytes[at] as number;
    if (octet < ZERO || octet > NINE) return -1;
    value = value * 10 + octet - ZERO;
  }
  return to <= from || to - from > 9 ? -1 : value;
};
