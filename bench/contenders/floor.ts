import type { Contender, Fields } from '../contender.ts';

/** What `toString('latin1')` comes to, without the way to it. */
interface NodeBuffer extends Buffer {
  latin1Slice(from: number, to: number): string;
}

/** What plain JavaScript needs to decode a message and to cut seven fields out of it, unchecked. */
export const floor: Contender = {
  name: 'floor',
  fields(bytes): Fields {
    const text = (bytes as NodeBuffer).latin1Slice(0, bytes.length);
    const space = text.indexOf(' ');
    const first = text.slice(0, space);
    const cseq = line(text, '\r\nCSeq: ');
    const contact = line(text, '\r\nContact: ');
    return [
      first === 'SIP/2.0' ? text.slice(8, 11) : first,
      param(line(text, '\r\nVia: '), ';branch='),
      param(line(text, '\r\nFrom: '), ';tag='),
      param(line(text, '\r\nTo: '), ';tag='),
      line(text, '\r\nCall-ID: '),
      cseq.slice(0, cseq.indexOf(' ')),
      contact.slice(contact.indexOf('<') + 1, contact.indexOf('>')),
    ];
  },
};

const line = (text: string, mark: string): string => {
  const at = text.indexOf(mark);
  if (at < 0) return '';
  return text.slice(at + mark.length, text.indexOf('\r\n', at + mark.length));
};

const param = (value: string, mark: string): string => {
  const at = value.indexOf(mark);
  if (at < 0) return '';
  const end = value.indexOf(';', at + 1);
  return value.slice(at + mark.length, end < 0 ? value.length : end);
};
