import { asOctets, joinOctets } from './bytes.ts';
import type { Field } from './field.ts';
import type { Head } from './head.ts';
import { CONTENT_LENGTH } from './header-names.ts';
import type { Message } from './message.ts';
import { NO_BODY } from './sip-message.ts';

/**
 * The octets of a message. Header fields that came in and were not touched go out byte for byte;
 * Content-Length says the real number of octets, where it stood or as the last field.
 *
 * The result shares its memory with others of its kind: send it, keep it, do not write into it.
 */
export const serialize = (message: Message): Uint8Array => {
  const { octets, headers } = message;
  const start = startLine(message);
  const { head } = headers;
  const lines =
    head && declares(head, octets.length)
      ? head.lines(0, head.size)
      : written(headers.fields, octets.length);
  return typeof octets === 'string'
    ? joinOctets(`${start}${lines}\r\n${octets}`, NO_BODY)
    : joinOctets(`${start}${lines}\r\n`, octets);
};

/** Whether there is one Content-Length, and it says this. */
const declares = (head: Head, length: number): boolean => {
  const nth = head.find(CONTENT_LENGTH);
  return nth >= 0 && head.find(CONTENT_LENGTH, nth + 1) < 0 && head.text(nth) === String(length);
};

const written = (fields: readonly Field[], length: number): string => {
  let text = '';
  let lengthSeen = false;
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] as Field;
    const { head, nth } = field;
    if (field.id === CONTENT_LENGTH) {
      const kept = head !== undefined && field.raw === String(length);
      if (!lengthSeen && !kept) text += line(field.name, String(length));
      const again = lengthSeen;
      lengthSeen = true;
      if (again || !kept) continue;
    }
    if (!head) {
      text += line(field.name, asOctets(field.raw));
      continue;
    }
    // Neighbours of one message are taken over as one piece.
    let before = nth + 1;
    while (isNext(fields[at + 1], head, before)) {
      at += 1;
      before += 1;
    }
    text += head.lines(nth, before);
  }
  return lengthSeen ? text : text + line('Content-Length', String(length));
};

const isNext = (field: Field | undefined, head: Head, nth: number): boolean =>
  field?.head === head && field.nth === nth && field.id !== CONTENT_LENGTH;

const startLine = (message: Message): string =>
  message.type === 'request'
    ? asOctets(`${message.method} ${message.target} ${message.version}\r\n`)
    : asOctets(
        `${message.version} ${String(message.status).padStart(3, '0')} ${message.reason}\r\n`,
      );

const line = (name: string, text: string): string => `${name}: ${text}\r\n`;
