import { deepStrictEqual, strictEqual } from 'node:assert';
import { isUtf8 } from 'node:buffer';
import { SIPXError } from '@sipx/contracts';
import {
  HeaderParser,
  type Message,
  MessageParser,
  parseMessage,
  responseTo,
  serialize,
} from '@sipx/message';
import { STRICT } from '@sipx/message/strict';
import { inspect, validate } from '@sipx/message/validate';
import { parseBody } from '@sipx/message/bodies';
import { NAMES } from './names.ts';

/**
 * All that a program does with octets from somebody: whatever they are, a message or a coded error comes out of
 * them, a message is written and read again as itself, and one without fault goes out byte for byte.
 * @throws what it finds
 */
export const checkOctets = (octets: Uint8Array): void => {
  for (const reader of READERS) {
    const { message } = inspect(octets, reader);
    if (message) readAll(message);
  }
  const message = coded(() => parseMessage(octets));
  if (!message) return;
  const faults = validate(message);
  readAll(message);
  const written = serialize(message);
  checkSame(reread(written), message);
  strictEqual(latin1(serialize(reread(written))), latin1(written), 'written twice');
  if (faults.length === 0 && isCanonical(octets, message)) {
    strictEqual(latin1(written), latin1(octets), 'octets without fault are written as they came');
  }
  if (message.type === 'request') {
    for (const status of [100, 200, 400]) {
      const answer = responseTo(message, status, { toTag: 'fuzz' });
      const again = reread(serialize(answer));
      deepStrictEqual(again.headers.rawAll('Via'), message.headers.rawAll('Via'), 'Via taken over');
      deepStrictEqual(
        again.headers.rawAll('CSeq'),
        message.headers.rawAll('CSeq'),
        'CSeq taken over',
      );
    }
  }
  checkCopies(message);
};

/** The letter of the RFC, and whoever mends line ends. */
const READERS = [
  new MessageParser({ leniencies: STRICT }),
  new MessageParser({ leniencies: { bareLineFeed: true } }),
];

/** What is written may have a field more than what was read, of which there were as many as there may be. */
const reread = (octets: Uint8Array): Message => WIDER.parse(octets);

const WIDER = new MessageParser({
  limits: { head: 2 ** 20, headers: 2 ** 10, uri: 2 ** 20, body: 2 ** 20 },
});

/** A message that a program made: it is read as what it was made of, and written byte for byte again. */
export const checkMessage = (made: Message): void => {
  const written = serialize(made);
  const read = reread(written);
  checkSame(read, made);
  strictEqual(
    latin1(serialize(read)),
    latin1(written),
    'octets without fault are written as they came',
  );
  for (const name of NAMES) {
    if (name === 'Content-Length') continue;
    const values = made.headers.getAll(name).map(String);
    deepStrictEqual(read.headers.getAll(name).map(String), values, name);
  }
  checkOctets(written);
};

/** The head's text and the body, all but Content-Length, which is made true. */
const checkSame = (got: Message, expected: Message): void => {
  deepStrictEqual(startOf(got), startOf(expected), 'start line');
  deepStrictEqual(fieldsOf(got), fieldsOf(expected), 'header fields');
  strictEqual(latin1(got.content), latin1(expected.content), 'body');
};

const startOf = (message: Message): unknown[] =>
  message.type === 'request'
    ? [message.method, message.version, String(coded(() => message.uri))]
    : [message.status, message.version, message.reason];

const fieldsOf = ({ headers }: Message): [string, string][] =>
  [...headers].filter(([name]) => !/^(?:l|content-length)$/i.test(name));

/** Every header through every door, and the body; what one value is written as is read as the same again. */
const readAll = (message: Message, names: readonly string[] = NAMES): void => {
  const { headers } = message;
  for (const name of names) {
    headers.rawAll(name);
    coded(() => headers.get(name));
    for (const value of coded(() => headers.getAll(name)) ?? []) checkValue(name, value);
  }
  coded(() => [message.via, message.from, message.to]);
  coded(() => [message.callId, message.cseq]);
  coded(() => message.contact?.uri.equals(message.from.uri));
  if (message.type === 'request') {
    const uri = coded(() => message.uri);
    if (uri) strictEqual(uri.equals(uri), true, 'a URI equals itself');
  }
  const body = coded(() => parseBody(message));
  if (body && 'content' in body && body.content instanceof Uint8Array) {
    strictEqual(latin1(body.content), latin1(message.content), 'a body is written as it came');
  }
  void String(body);
};

const parser = new HeaderParser();

const checkValue = (name: string, value: unknown): void => {
  const text = String(value);
  if (typeof value !== 'object' || value === null) return;
  // Spaces of other scripts at an end are taken for white space.
  if (text !== text.trim()) return;
  // A URI is read when it is asked for.
  if (coded(() => 'uri' in value && value.uri) === undefined) return;
  strictEqual(String(parser.parse(name, text)), text, `${name} read again`);
};

/** Changes of copies leave the original alone, and give what can be read. */
const checkCopies = (message: Message): void => {
  const before = latin1(serialize(message));
  const copy = message.with({});
  for (const name of ['Via', 'Route', 'Contact']) {
    copy.headers.deleteFirst(name).prepend(name, 'first').append(name, 'last');
  }
  copy.headers.set('Subject', 'another').delete('To');
  reread(serialize(copy));
  strictEqual(latin1(serialize(message)), before, 'a copy was changed');
};

/** Whether nothing of it is what another parser may write in another way. */
const isCanonical = (octets: Uint8Array, message: Message): boolean => {
  const { content, headers } = message;
  const text = latin1(octets);
  const start = text.slice(0, text.indexOf('\r\n'));
  const lengths = headers.rawAll('Content-Length');
  return (
    isUtf8(Buffer.from(start, 'latin1')) &&
    (/^[^ ]+ [^ ]+ SIP\/2\.0$/.test(start) || /^SIP\/2\.0 \d{3} /.test(start)) &&
    lengths.length === 1 &&
    lengths[0] === String(content.length) &&
    text.indexOf('\r\n\r\n') + 4 + content.length === octets.length
  );
};

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** Whatever it gives, or undefined for a coded error. */
export const coded = <Result>(action: () => Result): Result | undefined => {
  try {
    return action();
  } catch (error) {
    if (error instanceof SIPXError && /^SIPX_[A-Z_]+$/.test(error.code)) return undefined;
    throw error;
  }
};
