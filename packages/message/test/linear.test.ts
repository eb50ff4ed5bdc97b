import { SIPXError } from '@sipx/contracts';
import { MessageParser, parseURI, responseTo, serialize, validate } from '@sipx/message';
import { expect, it } from 'vitest';

/* A quarter of a megabyte each. What takes quadratic time for one of them does not end within a test's time. */
const SIZE = 250_000;
const many = (text: string): string => text.repeat(SIZE / text.length);
const parser = new MessageParser({ limits: { head: 3 * SIZE, headers: SIZE, uri: 2 * SIZE } });

const survives = (text: string): string => {
  try {
    const message = parser.parse(new TextEncoder().encode(text));
    const faults = validate(message).length;
    for (const name of ['Via', 'From', 'To', 'Contact', 'Supported', 'Subject'])
      message.headers.rawAll(name);
    if (message.type === 'request') serialize(responseTo(message, 400, { toTag: 'x' }));
    return faults === 0 ? 'well' : 'faulty';
  } catch (error) {
    return error instanceof SIPXError ? error.code : String(error);
  }
};

it.each([
  ['header fields', `OPTIONS sip:b SIP/2.0\r\n${many('A: b\r\n')}\r\n`],
  ['folds', `OPTIONS sip:b SIP/2.0\r\nSubject: a${many('\r\n b')}\r\n\r\n`],
  ['spaces and a fold', `OPTIONS sip:b SIP/2.0\r\nSubject: a${many(' ')}b\r\n c\r\n\r\n`],
  ['parameters', `OPTIONS sip:b SIP/2.0\r\nTo: <sip:b>${many(';a=b')}\r\n\r\n`],
  ['parameters without values', `OPTIONS sip:b SIP/2.0\r\nTo: <sip:b>${many(';a')}\r\n\r\n`],
  ['quotes', `OPTIONS sip:b SIP/2.0\r\nContact: ${many('"a",')}\r\n\r\n`],
  ['quotes without end', `OPTIONS sip:b SIP/2.0\r\nContact: ${many('"\\"')}\r\n\r\n`],
  ['backslashes', `OPTIONS sip:b SIP/2.0\r\nTo: "${many('\\')}"\r\n\r\n`],
  ['brackets', `OPTIONS sip:b SIP/2.0\r\nContact: ${many('<')},${many('>')}\r\n\r\n`],
  ['commas', `OPTIONS sip:b SIP/2.0\r\nContact: ${many(',')}\r\n\r\n`],
  ['Via values', `OPTIONS sip:b SIP/2.0\r\nVia: ${many('SIP/2.0/UDP a,')}SIP/2.0/UDP b\r\n\r\n`],
  ['spaces in sent-by', `OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a${many(' ')}b\r\n\r\n`],
  ['spaces in protocol', `OPTIONS sip:b SIP/2.0\r\nVia: SIP${many(' ')}/2.0/UDP b\r\n\r\n`],
  ['spaces before a tag', `OPTIONS sip:b SIP/2.0\r\nTo: "${many('; ')}tag\r\n\r\n`],
  ['versions', `OPTIONS ${many(' SIP/')}\r\n\r\n`],
  ['escapes', `OPTIONS sip:${many('%41')}@b SIP/2.0\r\n\r\n`],
  ['URI parameters', `OPTIONS sip:b${many(';a')} SIP/2.0\r\n\r\n`],
])('a message of many %s takes linear time', (_, text) => {
  expect(['faulty', 'SIPX_PARSE_HEADER', 'SIPX_PARSE_START_LINE']).toContain(survives(text));
});

it('URIs of many parameters are compared in linear time', () => {
  const params = Array.from({ length: 50_000 }, (__, n) => `;p${n}=${n}`);
  const [one, other] = [params.join(''), params.toReversed().join('')];
  expect(parseURI(`sip:h${one}`).equals(parseURI(`sip:h${other}`))).toBe(true);
  expect(parseURI(`sip:h${one}`).equals(parseURI(`sip:h${other.replace('=777;', '=x;')}`))).toBe(
    false,
  );
});
