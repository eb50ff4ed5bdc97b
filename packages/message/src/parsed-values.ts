import { latin1 } from './bytes.ts';
import { CSeq } from './cseq.ts';
import { firstValue, textsOf } from './field-values.ts';
import type { Head } from './head.ts';
import { CALL_ID, CSEQ, HEADERS, VIA } from './header-names.ts';
import { readValue } from './header-types.ts';
import { NameAddr } from './name-addr.ts';
import { COMMA, CR, HTAB, NINE, SPACE, ZERO } from './octets.ts';
import { found, plainEnd } from './plain.ts';
import { Via } from './via.ts';

/** The first value of one of the headers that everybody reads. @throws ProtocolError SIPX_PARSE_HEADER */
export const firstOf = (head: Head, id: number): unknown => {
  const value = head.known(id);
  return typeof value === 'number' ? readFirst(head, id, value) : value;
};

/** Whether it is known that its first field is of the plain form, and so has this one value. */
export const isPlain = (head: Head, id: number): boolean => {
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
  const from = head.plainStart(nth);
  const to = head.plainEnd(nth);
  if (id === CSEQ) return CSeq.plain(bytes, from, to);
  const text = latin1(bytes, from, to);
  if (id === CALL_ID) return text;
  return id === VIA ? Via.plain(text, layout) : NameAddr.plain(text, layout);
};

/** The first value of the nth field; undefined for an empty list. @throws ProtocolError SIPX_PARSE_HEADER */
export const firstIn = (head: Head, id: number, nth: number): unknown => {
  const values: unknown[] = [];
  return addPlain(head, id, nth, values, 1)
    ? values[0]
    : firstValue(id, head.text(nth), head.leniencies);
};

/** Puts every value of the nth field behind those that are there. @throws ProtocolError SIPX_PARSE_HEADER */
export const addAll = (head: Head, id: number, nth: number, values: unknown[]): void => {
  if (addPlain(head, id, nth, values, Number.POSITIVE_INFINITY)) return;
  const { leniencies } = head;
  for (const text of textsOf(id, head.text(nth), leniencies)) {
    values.push(readValue(id, text, leniencies));
  }
};

/** As many values as are asked for, if the whole field is of the plain form; false and none when it is not. */
const addPlain = (
  head: Head,
  id: number,
  nth: number,
  values: unknown[],
  most: number,
): boolean => {
  const { bytes } = head;
  const { shape = 'text', list = false } = HEADERS[id] ?? {};
  const before = values.length;
  const to = head.plainEnd(nth);
  if (head.leniencies) return false;
  if (shape === 'number') return addNumber(bytes, head.valueStart(nth), to, values);
  if (shape !== 'via' && shape !== 'address') return false;
  let from = head.valueStart(nth);
  for (;;) {
    const end = plainEnd(id, bytes, from);
    const last = end === to;
    if (end < 0 || !(last || (list && bytes[end] === COMMA))) {
      values.length = before;
      return false;
    }
    const text = latin1(bytes, from, end);
    values.push(
      shape === 'via' ? Via.plain(text, found.layout) : NameAddr.plain(text, found.layout),
    );
    if (last || values.length - before === most) return true;
    from = end + 1;
    while (bytes[from] === SPACE || bytes[from] === HTAB) from += 1;
  }
};

/** Nine digits at most, so that it is below 2^32. */
const addNumber = (bytes: Uint8Array, from: number, to: number, values: unknown[]): boolean => {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const octet = bytes[at] as number;
    if (octet < ZERO || octet > NINE) return false;
    value = value * 10 + octet - ZERO;
  }
  if (to === from || to - from > 9) return false;
  values.push(value);
  return true;
};
