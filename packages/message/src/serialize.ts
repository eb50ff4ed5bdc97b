import { asOctets, joinASCII, joinOctets } from './bytes.ts';
import type { Field } from './field.ts';
import type { Head } from './head.ts';
import { CONTENT_LENGTH, HEADERS } from './header-names.ts';
import type { Message } from './message.ts';
import { NO_BODY, VERSION } from './sip-message.ts';
import { reasonPhrase } from './status.ts';

/**
 * The octets of a message. Header fields that came in and were not touched go out byte for byte;
 * Content-Length says the real number of octets, where it stood or as the last field.
 *
 * The result shares its memory with others of its kind: send it, keep it, do not write into it.
 */
export const serialize = (message: Message): Uint8Array => {
  const { given, headers } = message;
  const body = typeof given === 'string' ? NO_BODY : given;
  // What came in is octets already. All else is nearly always ASCII, and is tried as that.
  const written = headers.head ? undefined : joinASCII(textOf(message, true), body);
  return written ?? joinOctets(textOf(message, false), body);
};

/** All that is text: as it is when it is ASCII, else a character for each octet. */
const textOf = (message: Message, ascii: boolean): string => {
  const { given, headers } = message;
  const body = typeof given !== 'string' ? '' : ascii ? given : asOctets(given);
  const length = String(typeof given === 'string' ? body.length : given.length);
  const start = ascii ? startLine(message) : asOctets(startLine(message));
  const { head } = headers;
  const text =
    head && declares(head, length)
      ? start + head.lines(0, head.size)
      : written(start, headers.fields, length, ascii);
  return `${text}\r\n\r\n${body}`;
};

const startLine = (message: Message): string => {
  const { version } = message;
  if (message.type === 'request')
    return `${message.method} ${message.target.toString()} ${version}`;
  const { status, reason } = message;
  const usual = version === VERSION && reason === reasonPhrase(status);
  const known = usual ? STATUS_LINES[status] : undefined;
  if (known !== undefined) return known;
  const line = [version, String(status).padStart(3, '0'), reason].join(' ');
  if (usual) STATUS_LINES[status] = line;
  return line;
};

/** By status, the lines of which all parts are the usual ones, once they have been written. */
const STATUS_LINES: string[] = [];

/** Whether there is one Content-Length, and it says this. */
const declares = (head: Head, length: string): boolean => {
  const nth = head.find(CONTENT_LENGTH);
  return nth >= 0 && head.find(CONTENT_LENGTH, nth + 1) < 0 && head.says(nth, length);
};

/** Piece goes behind piece, never two before they go there: such a string is the quickest to be made flat. */
const written = (
  start: string,
  fields: readonly Field[],
  length: string,
  ascii: boolean,
): string => {
  let text = start;
  let lengthSeen = false;
  // Of one message all lines are taken at once: to slice a string is cheaper than to read octets.
  let source: Head | undefined;
  let lines = '';
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] as Field;
    const { origin, nth } = field;
    const own = typeof origin === 'string';
    if ((own ? nth : origin.id(nth)) === CONTENT_LENGTH) {
      if (lengthSeen) continue;
      lengthSeen = true;
      if (own || !origin.says(nth, length)) {
        text = text + opening(CONTENT_LENGTH, field.name) + length;
        continue;
      }
    }
    if (own) {
      text = text + opening(nth, origin) + (ascii ? field.raw : asOctets(field.raw));
      continue;
    }
    // Neighbours of one message are taken over as one piece.
    let before = nth + 1;
    let { added } = field;
    while (added === undefined && isNext(fields[at + 1], origin, before)) {
      at += 1;
      before += 1;
      added = fields[at]?.added;
    }
    if (!source) {
      source = origin;
      lines = origin.lines(0, origin.size);
    }
    text +=
      source === origin
        ? lines.slice(origin.start(nth) - origin.start(0), origin.start(before) - origin.start(0))
        : origin.lines(nth, before);
    if (added !== undefined) text += added;
  }
  return lengthSeen ? text : `${text}\r\nContent-Length: ${length}`;
};

const isNext = (field: Field | undefined, head: Head, nth: number): boolean =>
  field?.origin === head && field.nth === nth && head.id(nth) !== CONTENT_LENGTH;

/** The end of the line before, and the name. */
const opening = (id: number, name: string): string =>
  name === HEADERS[id]?.name ? (OPENINGS[id] as string) : `\r\n${name}: `;

/** By id, of names in their usual spelling. Joined they are flat, which a template's are not. */
const OPENINGS: readonly string[] = HEADERS.map(({ name }) => ['\r\n', name, ': '].join(''));
