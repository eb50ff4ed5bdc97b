import { asOctets, joinOctets, type Source } from './bytes.ts';
import type { Field } from './field.ts';
import { CONTENT_LENGTH } from './header-names.ts';
import type { Message } from './message.ts';

/**
 * The octets of a message. Header fields that came in and were not touched go out byte for byte;
 * Content-Length says the real number of octets, where it stood or as the last field.
 *
 * The result shares its memory with others of its kind: send it, keep it, do not write into it.
 */
export const serialize = (message: Message): Uint8Array => {
  const { content } = message;
  let head = startLine(message);
  let lengthSeen = false;
  // Neighbours of one message are taken over as one piece.
  let source: Source | undefined;
  let from = 0;
  let to = 0;

  for (const field of message.headers.fields) {
    if (field.id === CONTENT_LENGTH) {
      const again = lengthSeen;
      lengthSeen = true;
      if (again || field.raw !== String(content.length)) {
        if (!again) {
          if (source) head += source.text.slice(from, to);
          source = undefined;
          head += line(field.name, String(content.length));
        }
        continue;
      }
    }
    if (source && field.source === source && field.start === to) {
      to = field.end + 2;
      continue;
    }
    if (source) head += source.text.slice(from, to);
    source = field.source;
    if (source) {
      from = field.start;
      to = field.end + 2;
    } else {
      head += ownLine(field);
    }
  }
  if (source) head += source.text.slice(from, to);
  if (!lengthSeen) head += line('Content-Length', String(content.length));
  return joinOctets(`${head}\r\n`, content);
};

const startLine = (message: Message): string =>
  message.type === 'request'
    ? asOctets(`${message.method} ${message.target} ${message.version}\r\n`)
    : asOctets(
        `${message.version} ${String(message.status).padStart(3, '0')} ${message.reason}\r\n`,
      );

const ownLine = (field: Field): string => line(field.name, asOctets(field.raw));

const line = (name: string, text: string): string => `${name}: ${text}\r\n`;
