import { latin1 } from './bytes.ts';
import { CSeq } from './cseq.ts';
import { firstValue } from './field.ts';
import type { Head } from './head.ts';
import { CALL_ID, CSEQ, VIA } from './header-names.ts';
import { NameAddr } from './name-addr.ts';
import { Via } from './via.ts';

/** The first value of one of the headers that everybody reads. @throws ProtocolError SIPX_PARSE_HEADER */
export const firstOf = (head: Head, id: number): unknown => {
  const value = head.known(id);
  return typeof value === 'number' ? readFirst(head, id, value) : value;
};

const readFirst = (head: Head, id: number, layout: number): unknown => {
  if (layout === 0) return undefined;
  const value =
    layout > 0
      ? plainValue(head, id, layout)
      : firstValue(id, head.text(-layout - 1), head.leniencies);
  head.learn(id, value);
  return value;
};

const plainValue = (head: Head, id: number, layout: number): unknown => {
  const { bytes } = head;
  const nth = (layout & 127) - 1;
  const from = head.plainStart(nth);
  const to = head.plainEnd(nth);
  if (id === CSEQ) return CSeq.plain(bytes, from, to);
  const text = latin1(bytes, from, to);
  if (id === CALL_ID) return text;
  return id === VIA ? Via.plain(text, layout) : NameAddr.plain(text, layout);
};
