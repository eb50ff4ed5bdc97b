import { MediaType } from '@sipx/message';
import {
  HTMLBody,
  MessageSummaryBody,
  parseBody,
  RawBody,
  SipFragBody,
  TextBody,
} from '@sipx/message/bodies';
import { describe, expect, it } from 'vitest';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const misuse = expect.objectContaining({ name: 'UsageError', code: 'SIPX_USAGE' });
const bodyFault = expect.objectContaining({ name: 'ProtocolError', code: 'SIPX_PARSE_BODY' });

describe('TextBody and HTMLBody', () => {
  it.each([
    ['utf-8', [0xc3, 0xa9], '\u00e9'],
    ['iso-8859-1', [0xe9], '\u00e9'],
    ['ISO-8859-15', [0xa4], '\u20ac'],
    ['utf-16le', [0xe9, 0], '\u00e9'],
    ['us-ascii', [0x61], 'a'],
  ])('reads %s', (charset, bytes, text) => {
    const mediaType = MediaType.parse(`text/plain;charset="${charset}";format=flowed`);
    const body = TextBody.parse(Uint8Array.from(bytes), mediaType);
    expect([body.text, String(body)]).toEqual([text, text]);
    expect([...body.content]).toEqual(bytes);
    expect(body.mediaType).toBe(mediaType);
  });

  it('writes UTF-8 once it changes', () => {
    const body = TextBody.parse(
      Uint8Array.of(0xe9),
      MediaType.parse('text/x-a;x=1;charset=iso-8859-1'),
    );
    const changed = body.with({ text: '\u20ac' });
    expect(String(changed.mediaType)).toBe('text/x-a;x=1;charset=utf-8');
    expect(changed.content).toEqual(octets('\u20ac'));
    const plain = TextBody.parse(octets('a'), MediaType.parse('text/plain')).with({ text: 'b' });
    expect([String(plain.mediaType), plain.text]).toEqual(['text/plain', 'b']);
  });

  it('is built from text', () => {
    expect(String(new TextBody({ text: 'x' }).mediaType)).toBe('text/plain;charset=utf-8');
    const html = new HTMLBody({ text: '<p>\u00e9' });
    expect([html.type, String(html.mediaType)]).toEqual(['html', 'text/html;charset=utf-8']);
    expect(HTMLBody.parse(html.content).with({ text: '<b>' }).content).toEqual(octets('<b>'));
  });

  it.each([
    ['\ud800', 'utf-8'],
    ['\u00e9', 'us-ascii'],
    ['a', 'iso-8859-1'],
  ])('does not write %j in %s', (text, charset) => {
    const mediaType = new MediaType('text', 'plain', { charset });
    expect(() => new TextBody({ text, mediaType })).toThrow(misuse);
  });

  it('refuses a charset that nobody knows', () => {
    const mediaType = new MediaType('text', 'plain', { charset: 'x-unknown' });
    expect(() => TextBody.parse(octets('a'), mediaType)).toThrow(bodyFault);
  });
});

describe('RawBody', () => {
  it('keeps the octets', () => {
    const content = Uint8Array.of(0xff);
    expect(new RawBody(content)).toMatchObject({ type: 'raw', content, mediaType: undefined });
    expect(String(new RawBody(content))).toBe('\ufffd');
  });
});

describe('MessageSummaryBody', () => {
  const text = [
    'Messages-Waiting: yes',
    'message-account : sip:alice@vmail.example.com',
    'Voice-Message: 2/8 (0/2)',
    'fax-message: 1 / 0',
    'X-Own: kept',
    '',
    'To: alice@example.com',
    'Subject: carpool',
    ' tomorrow',
    '',
    'To: bob@example.com',
    '',
  ].join('\r\n');
  const value = {
    waiting: true,
    account: 'sip:alice@vmail.example.com',
    counts: [
      { context: 'voice-message', new: 2, old: 8, urgent: { new: 0, old: 2 } },
      { context: 'fax-message', new: 1, old: 0 },
    ],
    extensions: [['X-Own', 'kept']] as const,
    messages: [
      [
        ['To', 'alice@example.com'],
        ['Subject', 'carpool tomorrow'],
      ],
      [['To', 'bob@example.com']],
    ] as const,
  };

  it('reads what waits', () => {
    const body = MessageSummaryBody.parse(text);
    expect(body).toMatchObject({ type: 'message-summary', ...value });
    expect(body.count('fax-message')?.new).toBe(1);
    expect(body.count('none')).toBeUndefined();
    expect(MessageSummaryBody.parse(text.replaceAll('\r\n', '\n'))).toMatchObject(value);
  });

  it('writes back what it read, and what has changed', () => {
    const body = MessageSummaryBody.parse(octets(text));
    expect(String(body)).toBe(text);
    expect(MessageSummaryBody.parse(body.with({}).content)).toMatchObject(value);
    const none = body.with({ waiting: false, counts: [], messages: [], extensions: [] });
    expect(String(none)).toBe(
      'Messages-Waiting: no\r\nMessage-Account: sip:alice@vmail.example.com\r\n',
    );
    expect(String(new MessageSummaryBody(value)).split('\r\n').slice(0, 4)).toEqual([
      'Messages-Waiting: yes',
      'Message-Account: sip:alice@vmail.example.com',
      'Voice-Message: 2/8 (0/2)',
      'Fax-Message: 1/0',
    ]);
  });

  it.each([
    '',
    'hello',
    'Voice-Message: 1/0',
    'Messages-Waiting: maybe',
    'Messages-Waiting: yes\r\nx',
  ])('refuses %j', (bad) => {
    expect(() => MessageSummaryBody.parse(bad)).toThrow(bodyFault);
  });

  it.each([
    { account: 'a\r\nb' },
    { counts: [{ context: 'voice-message', new: 0.5, old: 0 }] },
    { counts: [{ context: 'voice message', new: 0, old: 0 }] },
    { extensions: [['a', '\n']] as const },
    { messages: [[['a b', 'c']]] as const },
  ])('does not write %j', (parts) => {
    expect(() => new MessageSummaryBody({ waiting: true, ...parts })).toThrow(misuse);
  });
});

describe('SipFragBody', () => {
  it.each([
    ['SIP/2.0 100 Trying', { status: 100, reason: 'Trying' }],
    ['SIP/2.0 603 \u00e9 \r\n', { status: 603, reason: '\u00e9 ' }],
    ['SIP/2.0 200\n', { status: 200, reason: '' }],
    ['INVITE sip:b@b SIP/2.0\r\nTo: <sip:b@b>\r\n', { method: 'INVITE', uri: 'sip:b@b' }],
    ['From: <sip:a@b>;tag=1\r\n', undefined],
  ])('reads %j', (text, start) => {
    const body = SipFragBody.parse(text);
    expect([body.type, body.start]).toEqual(['sipfrag', start]);
    expect(body.status).toBe(start && 'status' in start ? start.status : undefined);
    expect(String(body)).toBe(text);
  });

  it('reads headers and a body', () => {
    const text = `SIP/2.0 200 OK\r\nf: <sip:a@b>;tag=1\r\nContent-Type: text/plain\r\n\r\nx\r\n\r\ny`;
    const body = SipFragBody.parse(octets(text));
    expect(body.headers.get('From')?.tag).toBe('1');
    const inner = parseBody({ headers: body.headers, content: body.body });
    expect([inner.type, String(inner)]).toEqual(['text', 'x\r\n\r\ny']);
    expect(new TextDecoder().decode(body.with({}).content)).toBe(text);
    const busy = body.with({ start: { status: 486 }, headers: {}, body: '' });
    expect(String(busy)).toBe('SIP/2.0 486 Busy Here\r\n');
    expect(String(busy.mediaType)).toBe('message/sipfrag;version=2.0');
  });

  it.each(['', 'hello', 'SIP/2.0 20 OK', 'INVITE SIP/2.0', 'SIP/2.0 200 OK\r\nx', 'a b: c'])(
    'refuses %j',
    (bad) => {
      expect(() => SipFragBody.parse(bad)).toThrow(bodyFault);
    },
  );

  it.each([
    {},
    { start: { status: 20 } },
    { start: { status: 200, reason: 'x\r\ny: z' } },
    { start: { method: 'A B', uri: 'sip:a' } },
    { start: { method: 'A', uri: 'sip:a SIP/2.0\r\nx: y' } },
  ])('does not write %j', (parts) => {
    expect(() => new SipFragBody(parts)).toThrow(misuse);
  });
});
