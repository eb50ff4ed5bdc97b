import { parseMessage, serialize } from '@sipx/message';
import { expect, it } from 'vitest';

const octets = (start: string): Buffer => Buffer.from(`${start}\r\nCall-ID: 1\r\n\r\n`, 'latin1');

it.each([
  'SIP/2.0 200 OK\r,\nVia: SIP/2.0/UDP b',
  'SIP/2.0 200 O\nK',
  'SIP/2.0 200 O\rK',
  'OPTIONS sip:b\n SIP/2.0',
  'OPTIONS sip:b\r SIP/2.0',
])('a start line with a line end in it is none: %j', (start) => {
  expect(() => parseMessage(octets(start))).toThrow(
    expect.objectContaining({ code: 'SIPX_PARSE_START_LINE' }),
  );
});

// The last is a small letter of which the capital has an octet that Unicode calls white space.
it.each(['SIP/2.\u00c3\u009f', 'SIP/\u00ff', 'sip/\u00b5', 'SIP/\u00d1\u0080'])(
  'a version that nobody knows is the same when it is read again: %j',
  (version) => {
    const message = parseMessage(octets(`OPTIONS sip:b ${version}`));
    expect(parseMessage(serialize(message)).version).toBe(message.version);
  },
);

it('a response is changed whatever its peer gave as the reason', () => {
  const response = parseMessage(octets('SIP/2.0 200 O\0K'));
  expect(response.with({ headers: [] })).toMatchObject({ reason: 'O\0K' });
});
