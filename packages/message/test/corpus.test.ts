import { readdirSync, readFileSync } from 'node:fs';
import { SIPXError } from '@sipx/contracts';
import {
  isSipURI,
  type Message,
  MessageParser,
  parseMessage,
  type ParseOptions,
  responseTo,
  serialize,
  type URI,
} from '@sipx/message';
import { STRICT } from '@sipx/message/strict';
import { validate, type ValidateOptions } from '@sipx/message/validate';
import { describe, expect, it } from 'vitest';

/*
 * One case a file: what it shows, the options and the expected results (`name: JSON`), `---`, the message. Line
 * ends stand for CRLF, {0A} for the octet of that number.
 */
const folder = new URL('corpus/', import.meta.url);

const readCase = (file: string) => {
  const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n');
  const at = text.indexOf('---\n');
  const [title = '', ...lines] = text.slice(0, at).trimEnd().split('\n');
  const given = lines.map((line): [string, unknown] => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), JSON.parse(line.slice(colon + 2))];
  });
  const { parse, validate: abilities } = Object.fromEntries(given);
  return {
    title: `${file.slice(0, -4)}: ${title}`,
    parser: new MessageParser(optionsOf(parse as Options)),
    abilities: abilities as ValidateOptions | undefined,
    expected: given.filter(([name]) => name !== 'parse' && name !== 'validate'),
    bytes: octets(text.slice(at + 4)),
  };
};

interface Options {
  readonly limits?: ParseOptions['limits'];
  readonly strict?: boolean;
  /** Over what `strict` says; false is what it is in STRICT, when that has it off. */
  readonly leniencies?: Readonly<Record<string, boolean>>;
}

const optionsOf = ({ limits = {}, strict, leniencies }: Options = {}): ParseOptions => {
  if (!strict && !leniencies) return { limits };
  const told = Object.entries(leniencies ?? {}).map(([name, on]) => {
    const [, rule = on] = Object.entries(STRICT).find(([one]) => one === name) ?? [];
    return [name, on || rule === true ? on : rule];
  });
  return { limits, leniencies: { ...(strict && STRICT), ...Object.fromEntries(told) } };
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
  'uri.user': (m) => m.type === 'request' && userOf(m.uri),
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
  'from.user': (m) => userOf(m.from.uri),
  'to.tag': (m) => m.to.tag,
  'to.user': (m) => userOf(m.to.uri),
  callId: (m) => m.callId,
  cseq: (m) => String(m.cseq),
  contact: (m) => m.contact && String(m.contact),
  'contact.user': (m) => m.contact && userOf(m.contact.uri),
  'contact.uri': (m) => String(m.contact?.uri),
  'contact.params': (m) => String(m.contact?.params),
  'contact.wildcard': (m) => m.contact?.wildcard,
  'route.lr': (m) => {
    const uri = m.headers.get('Route')?.uri;
    return uri && isSipURI(uri) && uri.lr;
  },
  body: (m) => new TextDecoder().decode(m.content),
  bodyOctets: (m) => m.content.length,
};

const userOf = (uri: URI): string | undefined => (isSipURI(uri) ? uri.user : undefined);

const faultsOf = (message: Message, abilities: ValidateOptions | undefined): string[] =>
  validate(message, abilities).map(
    ({ status, header, code }) => `${status} ${header ?? '-'} ${code}`,
  );

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
    .replace(/\r?\n/g, '\r\n')
    .replace(/^(\r\n)+/, '');
  return text.slice(text.indexOf('\r\n'), text.indexOf('\r\n\r\n'));
};

/** What `throws` and `refused` expect stands for the whole message, and for one header. */
const cases = readdirSync(folder).sort().map(readCase);
const refused = cases.filter(({ expected }) => expected[0]?.[0] === 'throws');
const read = cases.filter((one) => !refused.includes(one));
const requests = read.filter(({ bytes, parser }) => parser.parse(bytes).type === 'request');

describe('messages that cannot be represented', () => {
  it.each(refused)('$title', ({ bytes, expected, parser }) => {
    expect(codeOf(() => parser.parse(bytes))).toBe(expected[0]?.[1]);
  });
});

describe('messages that can', () => {
  it.each(read)('$title', ({ bytes, expected, parser, abilities }) => {
    const message = parser.parse(bytes);
    const got = expected.map(([what, value]) => {
      if (what === 'faults') return [what, faultsOf(message, abilities)];
      if (what !== 'refused') return [what, reading(message, what)];
      const code = codeOf(() => message.headers.getAll(String(value)));
      return [what, code === 'SIPX_PARSE_HEADER' ? value : code];
    });
    expect(got).toEqual(expected);
  });

  it.each(read)('$title Header fields are kept byte for byte.', ({ bytes, parser }) => {
    const message = parser.parse(bytes);
    const length = `Content-Length: ${message.content.length}`;
    const [before, after] = [headerSection(bytes), headerSection(serialize(message))];
    const corrected = before.replace(/Content-Length: .*/s, length);
    expect([corrected, `${before}\r\n${length}`]).toContain(after);
  });

  it.each(requests)('$title It can be answered.', ({ bytes, parser }) => {
    const message = parser.parse(bytes);
    const answer = message.type === 'request' && responseTo(message, 400, { toTag: 'mine' });
    const written = answer && parseMessage(serialize(answer));
    expect(written && written.headers.rawAll('Via')).toEqual(message.headers.rawAll('Via'));
    expect(written && written.headers.rawAll('CSeq')).toEqual(message.headers.rawAll('CSeq'));
  });
});
