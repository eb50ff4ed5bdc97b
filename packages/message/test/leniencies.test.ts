import { readdirSync } from 'node:fs';
import { DEFAULT_LENIENCIES, MessageParser, parseMessage } from '@sipx/message';
import { STRICT } from '@sipx/message/strict';
import { inspect, validate } from '@sipx/message/validate';
import { describe, expect, it } from 'vitest';

const names = Object.keys(DEFAULT_LENIENCIES);

const octets = (...headers: string[]): Uint8Array =>
  new TextEncoder().encode(
    [
      'INVITE sip:b@h SIP/2.0',
      'Via: SIP/2.0/UDP h;branch=z9hG4bK1',
      'From: <sip:a@h>;tag=1',
      'To: <sip:b@h>',
      'Call-ID: c',
      'CSeq: 1 INVITE',
      ...headers,
      '',
      '',
    ].join('\r\n'),
  );

describe('leniencies', () => {
  it.each(names)('%s is shown by the corpus, on and off', (name) => {
    const files = readdirSync(new URL('corpus/', import.meta.url));
    expect(files).toContain(`leniency-${name}-on.txt`);
    expect(files).toContain(`leniency-${name}-off.txt`);
  });

  it('are on by default where deployed phones need them', () => {
    expect(
      names.filter(
        (name) => !Object.entries(DEFAULT_LENIENCIES).some(([one, on]) => one === name && on),
      ),
    ).toEqual(['bareLineFeed']);
    expect(Object.entries(STRICT).flatMap(([name, on]) => (on === true ? [name] : []))).toEqual([
      'leadingLineEnds',
      'lowerCaseVersion',
      'missingContentLength',
    ]);
  });

  it('are told one by one over strict mode', () => {
    const bytes = octets('Contact: <sip:1#2@h_1>');
    const faults = (leniencies: object): number =>
      inspect(bytes, new MessageParser({ leniencies: { ...STRICT, ...leniencies } })).faults.length;
    expect([faults({}), faults({ hashInUser: true })]).toEqual([1, 1]);
    expect(faults({ hashInUser: true, underscoreInHost: true })).toBe(0);
  });

  it('keep the octets of what they let through', () => {
    const message = parseMessage(octets('Contact: Bell (home) <sip:1#2@h>'));
    expect(message.headers.raw('Contact')).toBe('Bell (home) <sip:1#2@h>');
    expect(String(message.contact)).toBe('"Bell (home)" <sip:1#2@h>');
  });

  it('make CRLF of a bare line feed in octets of any kind', () => {
    const bytes = new TextEncoder().encode(
      Buffer.from(octets('X: 1')).toString().replaceAll('\r', ''),
    );
    const message = new MessageParser({ leniencies: { bareLineFeed: true } }).parse(bytes);
    expect([message.headers.raw('X'), message.via.host]).toEqual(['1', 'h']);
  });

  it('hold for the Request-URI, however it is asked for', () => {
    const bytes = Buffer.from(
      Buffer.from(octets()).toString().replace('sip:b@h SIP', 'sip:b#@h SIP'),
    );
    const message = new MessageParser({ leniencies: STRICT }).parse(bytes);
    expect(() => message.type === 'request' && message.uri).toThrow('hashInUser');
    expect(validate(message).map(({ code }) => code)).toEqual(['SIPX_PARSE_URI']);
  });
});

describe('faults', () => {
  const parser = new MessageParser({ leniencies: STRICT });

  it('say where, what was expected and what came', () => {
    const bytes = octets('Max-Forwards: many', 'Content-Length: 5');
    expect(inspect(bytes, parser).faults).toEqual([
      {
        status: 400,
        code: 'SIPX_MESSAGE_INVALID',
        header: 'Content-Length',
        offset: Buffer.from(bytes).indexOf('Content-Length'),
        expected: '5 octets of body',
        got: '0',
      },
      {
        status: 400,
        code: 'SIPX_PARSE_HEADER',
        header: 'Max-Forwards',
        offset: Buffer.from(bytes).indexOf('Max-Forwards'),
        expected: 'digits',
        got: '"many"',
      },
    ]);
  });

  it.each([
    ['a line that is no field', octets('no field'), 400, 'SIPX_PARSE_HEADER', 'no field'],
    [
      'no message',
      new TextEncoder().encode('hello\r\n\r\n'),
      400,
      'SIPX_PARSE_START_LINE',
      'hello',
    ],
  ])('are values for %s too', (_, bytes, status, code, at) => {
    const { message, faults } = inspect(bytes, parser);
    const offset = Buffer.from(bytes).indexOf(at);
    expect([message, faults]).toMatchObject([undefined, [{ status, code, offset }]]);
  });

  it.each([
    ['uri', 414],
    ['head', 513],
    ['headers', 513],
  ])('tell a limit of the %s apart', (what, status) => {
    const { faults } = inspect(octets(), new MessageParser({ limits: { [what]: 3 } }));
    expect(faults[0]?.status).toBe(status);
  });

  it.each([
    ['a head of many megabytes', octets(`X: ${'x'.repeat(8_000_000)}`), 'SIPX_LIMIT_HEAD'],
    ['a million headers', octets('X:\r\n'.repeat(1_000_000).trim()), 'SIPX_LIMIT_HEADERS'],
    ['a thousand headers', octets('X:\r\n'.repeat(1_000).trim()), 'SIPX_LIMIT_HEADERS'],
  ])('are found early in %s', (_, bytes, code) => {
    expect(inspect(bytes).faults[0]?.code).toBe(code);
  });

  it.each([
    [{ forwarding: true }, 'Max-Forwards: 0', '483 Max-Forwards'],
    [{ supported: ['b'] }, 'Require: a, b', '420 Require'],
    [{ supported: [] }, 'Proxy-Require: a', undefined],
    [{ supported: [], forwarding: true }, 'Proxy-Require: a', '420 Proxy-Require'],
    [{ schemes: ['tel'] }, 'X: 1', '416 Request-URI'],
    [{ methods: ['BYE'] }, 'X: 1', '501 CSeq'],
    [{ answerTypes: ['a/b'] }, 'Accept: a/*;q=1', undefined],
    [{ answerTypes: ['a/b'] }, 'Accept: */*', undefined],
    [{ answerTypes: ['a/b'] }, 'Accept: a/c', '406 Accept'],
    [{ answerTypes: ['a/b'] }, 'Accept:', '406 Accept'],
    [{ everyHeader: true }, 'Warning: 1 h "x"', '400 Warning'],
    [{}, 'Max-Forwards: 0', undefined],
    [{}, 'Require: a', undefined],
    [{}, 'Warning: 1 h "x"', undefined],
  ])('%j asks %s for %s', (abilities, header, expected) => {
    const [fault] = validate(parseMessage(octets(header)), abilities);
    expect(fault && `${fault.status} ${fault.header}`).toBe(expected);
  });
});
