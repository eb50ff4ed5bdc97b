import { readdirSync, readFileSync } from 'node:fs';
import { SIPXError } from '@sipx/contracts';
import {
  isSipURI,
  type Message,
  parseMessage,
  responseTo,
  serialize,
  validate,
} from '@sipx/message';
import { describe, expect, it } from 'vitest';

/*
 * One case a file: what it shows, the expected results (`name: JSON`), `---`, the message. Line ends stand for
 * CRLF, {0A} for the octet of that number.
 */
const folder = new URL('corpus/', import.meta.url);

const readCase = (file: string) => {
  const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n');
  const at = text.indexOf('---\n');
  const [title = '', ...lines] = text.slice(0, at).trimEnd().split('\n');
  const expected = lines.map((line): [string, unknown] => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), JSON.parse(line.slice(colon + 2))];
  });
  return { title: `${file.slice(0, -4)}: ${title}`, expected, bytes: octets(text.slice(at + 4)) };
};

const octets = (text: string): Buffer =>
  Buffer.concat(
    text
      .replaceAll('\n', '\r\n')
      .split(/(\{[0-9A-F]{2}\})/)
      .map((part) =>
        /^\{[0-9A-F]{2}\}$/.test(part) ? Buffer.from(part.slice(1, 3), 'hex') : Buffer.from(part),
      ),
  );

/** What an expectation's name means; any other name is that of a header, and means all its values. */
const readings: Record<string, (message: Message) => unknown> = {
  type: (m) => m.type,
  version: (m) => m.version,
  method: (m) => m.type === 'request' && m.method,
  uri: (m) => m.type === 'request' && String(m.uri),
  'uri.scheme': (m) => m.type === 'request' && m.uri.scheme,
  'uri.user': (m) => m.type === 'request' && isSipURI(m.uri) && m.uri.user,
  'uri.host': (m) => m.type === 'request' && isSipURI(m.uri) && m.uri.host,
  'uri.port': (m) => m.type === 'request' && isSipURI(m.uri) && m.uri.port,
  status: (m) => m.type === 'response' && m.status,
  reason: (m) => m.type === 'response' && m.reason,
  'via.branch': (m) => m.via.branch,
  'via.transport': (m) => m.via.transport,
  'via.host': (m) => m.via.host,
  'via.sentBy': (m) => m.via.sentBy,
  'via.received': (m) => m.via.received,
  'via.rport': (m) => m.via.rport,
  'from.displayName': (m) => m.from.displayName,
  'from.tag': (m) => m.from.tag,
  to: (m) => String(m.to),
  'to.tag': (m) => m.to.tag,
  callId: (m) => m.callId,
  cseq: (m) => String(m.cseq),
  contact: (m) => m.contact && String(m.contact),
  'contact.uri': (m) => String(m.contact?.uri),
  'contact.params': (m) => String(m.contact?.params),
  'contact.wildcard': (m) => m.contact?.wildcard,
  body: (m) => new TextDecoder().decode(m.content),
  bodyOctets: (m) => m.content.length,
  faults: (m) =>
    validate(m).map(({ status, header, code }) => `${status} ${header ?? '-'} ${code}`),
};

const reading = (message: Message, name: string): unknown => {
  const read = readings[name];
  if (read) return read(message) ?? null;
  return message.headers
    .getAll(name)
    .map((value) => (typeof value === 'object' ? String(value) : value));
};

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof SIPXError ? error.code : String(error);
  }
};

const headerSection = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^(\r\n)+/, '');
  return text.slice(text.indexOf('\r\n'), text.indexOf('\r\n\r\n'));
};

const cases = readdirSync(folder).sort().map(readCase);
const refused = cases.filter(({ expected }) => expected[0]?.[0] === 'throws');
const read = cases.filter((one) => !refused.includes(one));
const requests = read.filter(({ bytes }) => parseMessage(bytes).type === 'request');

describe('messages that cannot be represented', () => {
  it.each(refused)('$title', ({ bytes, expected }) => {
    expect(codeOf(() => parseMessage(bytes))).toBe(expected[0]?.[1]);
  });
});

describe('messages that can', () => {
  it.each(read)('$title', ({ bytes, expected }) => {
    const message = parseMessage(bytes);
    expect(expected.map(([what]) => [what, reading(message, what)])).toEqual(expected);
  });

  it.each(read)('$title Header fields are kept byte for byte.', ({ bytes }) => {
    const message = parseMessage(bytes);
    const length = `Content-Length: ${message.content.length}`;
    const [before, after] = [headerSection(bytes), headerSection(serialize(message))];
    const corrected = before.replace(/Content-Length: .*/s, length);
    expect([corrected, `${before}\r\n${length}`]).toContain(after);
  });

  it.each(requests)('$title It can be answered.', ({ bytes }) => {
    const message = parseMessage(bytes);
    const answer = message.type === 'request' && responseTo(message, 400, { toTag: 'mine' });
    const written = answer && parseMessage(serialize(answer));
    expect(written && written.headers.rawAll('Via')).toEqual(message.headers.rawAll('Via'));
    expect(written && written.headers.rawAll('CSeq')).toEqual(message.headers.rawAll('CSeq'));
  });
});
