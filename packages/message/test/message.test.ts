import { ProtocolError, SIPXError, UsageError } from '@sipx/contracts';
import {
  MessageParser,
  parseMessage,
  parseURI,
  reasonPhrase,
  Request,
  RequestRejectedError,
  Response,
  responseTo,
  serialize,
} from '@sipx/message';
import { validate } from '@sipx/message/validate';
import { describe, expect, it } from 'vitest';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n\r\n`;

const invite = lines(
  'INVITE sip:bob@example.com SIP/2.0',
  'Via: SIP/2.0/UDP p.example.com;branch=z9hG4bK2, SIP/2.0/UDP a.example.com;branch=z9hG4bK1',
  'v:   SIP/2.0/TCP  b.example.com',
  'Record-Route: <sip:p.example.com;lr>',
  'Max-Forwards: 70',
  'f: "Alice"  <sip:alice@example.com>;tag=a1',
  'To:\t"Bob" <sip:bob@example.com>',
  'Call-ID: c1',
  'Timestamp: 54',
  'CSeq: 1 INVITE',
  'Subject: one',
  '  two',
  'Content-Length: 0',
);
const parsed = (): Request => request(parseMessage(octets(invite)));

const request = (message: Request | Response): Request => {
  if (message.type === 'request') return message;
  throw new TypeError('a response');
};

describe('Request', () => {
  it('is made from parts and written with its real length', () => {
    const made = new Request({
      method: 'MESSAGE',
      uri: 'sip:bob@example.com',
      headers: { To: '<sip:bob@example.com>', Subject: 'día', 'Content-Length': 99 },
      body: 'né',
    }).addHeader('X-Mood', 'good');
    expect(text(serialize(made))).toBe(
      `${lines('MESSAGE sip:bob@example.com SIP/2.0', 'To: <sip:bob@example.com>', 'Subject: día', 'Content-Length: 3', 'X-Mood: good')}né`,
    );
  });

  it('takes a URI as it is', () => {
    const uri = parseURI('sip:bob@example.com');
    expect(new Request({ method: 'BYE', uri }).uri).toBe(uri);
  });

  it('writes back what nobody touched, octet for octet', () => {
    expect(text(serialize(parsed()))).toBe(invite);
  });

  it('writes what was touched and leaves the rest', () => {
    const message = parsed();
    message.headers
      .set('Max-Forwards', 69)
      .prepend('Via', 'SIP/2.0/UDP me;branch=z9hG4bK3')
      .delete('Subject');
    message.content = octets('xyz');
    expect(text(serialize(message))).toBe(
      invite
        .replace('Max-Forwards: 70', 'Max-Forwards: 69')
        .replace('Via: SIP/2.0/UDP p', 'Via: SIP/2.0/UDP me;branch=z9hG4bK3\r\nVia: SIP/2.0/UDP p')
        .replace('Subject: one\r\n  two\r\n', '')
        .replace('Content-Length: 0', 'Content-Length: 3')
        .concat('xyz'),
    );
  });

  it('with: the copy differs in what was asked, the original in nothing', () => {
    const original = parsed();
    const copy = original.with({ method: 'CANCEL', uri: 'sip:other', body: 'x' });
    copy.headers.delete('Subject');
    expect([
      copy.method,
      String(copy.uri),
      text(copy.content),
      copy.headers.has('Subject'),
    ]).toEqual(['CANCEL', 'sip:other', 'x', false]);
    expect(text(serialize(original))).toBe(invite);
    expect(original.with({ headers: { X: '1' } }).headers.size).toBe(1);
    expect(String(original.with({}).uri)).toBe('sip:bob@example.com');
  });

  it('throws for a mandatory header that is missing, and has no contact', () => {
    const bare = new Request({ method: 'INVITE', uri: 'sip:b' });
    for (const read of ['via', 'from', 'to', 'callId', 'cseq'] as const) {
      expect(() => bare[read]).toThrow(expect.objectContaining({ code: 'SIPX_PARSE_HEADER' }));
    }
    expect(bare.contact).toBeUndefined();
  });

  it.each(['IN VITE', '', 'A\r\nX: y', 'A\nB', 'A\0'])('refuses method %j', (method) => {
    expect(() => new Request({ method, uri: 'sip:b' })).toThrow(UsageError);
    expect(() => parsed().with({ method })).toThrow(UsageError);
  });

  it.each(['nonsense', 'sip:b c', 'sip:b\r\nX: y', 'sip:b\0', 'tel:1\r\nX: y'])(
    'refuses URI %j',
    (uri) => {
      expect(() => new Request({ method: 'INVITE', uri })).toThrow(UsageError);
      expect(() => parsed().with({ uri })).toThrow(UsageError);
    },
  );
});

describe('Response', () => {
  it.each([
    [100, false, true],
    [199, false, true],
    [200, true, false],
    [299, true, false],
    [300, false, false],
    [699, false, false],
  ])('%d: ok %s, provisional %s', (status, ok, provisional) => {
    const response = new Response({ status });
    expect([response.ok, response.provisional]).toEqual([ok, provisional]);
  });

  it('has the usual words unless it is given others', () => {
    expect(text(serialize(new Response({ status: 486 })))).toMatch(/^SIP\/2\.0 486 Busy Here\r\n/);
    expect(text(serialize(new Response({ status: 486, reason: 'Später' })))).toMatch(
      /^SIP\/2\.0 486 Später\r\n/,
    );
    expect([reasonPhrase(200), reasonPhrase(299), reasonPhrase(499), reasonPhrase(42)]).toEqual([
      'OK',
      'OK',
      'Bad Request',
      'Unknown',
    ]);
  });

  it('orThrow gives itself or throws its refusal', () => {
    const ok = new Response({ status: 202 });
    expect(ok.orThrow()).toBe(ok);
    const refused = new Response({ status: 603 });
    const error = catching(() => refused.orThrow());
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'SIPX_REQUEST_REJECTED', message: '603 Decline' });
    expect(error instanceof RequestRejectedError && error.response).toBe(refused);
    expect(Object.keys(error ?? {})).not.toContain('response');
  });

  it('with: another status brings its words, the story goes along', () => {
    const first = new Response({ status: 180, reason: 'Hold the line' });
    const response = new Response({ status: 200, headers: { To: '<sip:b>' } });
    response.request = parsed();
    response.history = [first];
    const copy = response.with({ status: 500 });
    expect([copy.status, copy.reason, copy.request, copy.history]).toEqual([
      500,
      'Server Internal Error',
      response.request,
      [first],
    ]);
    expect(first.with({}).reason).toBe('Hold the line');
    expect(first.history).toEqual([]);
  });

  it.each([99, 700, 1.5, Number.NaN])('refuses status %d', (status) => {
    expect(() => new Response({ status })).toThrow(UsageError);
  });

  it.each(['a\r\nX: y', 'a\n', '\r', '\0'])('refuses reason %j', (reason) => {
    expect(() => new Response({ status: 200, reason })).toThrow(UsageError);
    expect(() => new Response({ status: 200 }).with({ reason })).toThrow(UsageError);
  });
});

describe('responseTo (RFC 3261 8.2.6)', () => {
  it('takes over what it has to, as it is spelled', () => {
    expect(
      text(serialize(responseTo(parsed(), 404, { toTag: 'b1', headers: { Server: 'x' } }))),
    ).toBe(
      lines(
        'SIP/2.0 404 Not Found',
        'Via: SIP/2.0/UDP p.example.com;branch=z9hG4bK2, SIP/2.0/UDP a.example.com;branch=z9hG4bK1',
        'v:   SIP/2.0/TCP  b.example.com',
        'f: "Alice"  <sip:alice@example.com>;tag=a1',
        'To: "Bob" <sip:bob@example.com>;tag=b1',
        'Call-ID: c1',
        'CSeq: 1 INVITE',
        'Server: x',
        'Content-Length: 0',
      ),
    );
  });

  it('gives a 100 the Timestamp and no tag', () => {
    const trying = responseTo(parsed(), 100, { toTag: 'b1' });
    expect([trying.headers.raw('Timestamp'), trying.to.tag]).toEqual(['54', undefined]);
    expect(responseTo(parsed(), 180).headers.has('Timestamp')).toBe(false);
  });

  it.each([
    ['INVITE', 100, false],
    ['INVITE', 101, true],
    ['INVITE', 200, true],
    ['INVITE', 300, false],
    ['SUBSCRIBE', 200, true],
    ['REFER', 202, true],
    ['NOTIFY', 200, true],
    ['OPTIONS', 200, false],
  ])('%s %d takes Record-Route over: %s', (method, status, expected) => {
    expect(responseTo(parsed().with({ method }), status).headers.has('Record-Route')).toBe(
      expected,
    );
  });

  it('keeps the tag of a request within a dialog', () => {
    const inDialog = parsed();
    inDialog.headers.set('To', '<sip:bob@example.com>;tag=mine');
    expect(responseTo(inDialog, 200, { toTag: 'other' }).to.tag).toBe('mine');
  });

  it('answers a request whose To is malformed', () => {
    const bad = parsed();
    bad.headers.set('To', '"Bob <sip:bob>');
    expect(responseTo(bad, 400, { toTag: 'b1' }).headers.raw('To')).toBe('"Bob <sip:bob>;tag=b1');
    bad.headers.set('To', '"Bob <sip:bob> ; TAG=x');
    expect(responseTo(bad, 400, { toTag: 'b1' }).headers.raw('To')).toBe('"Bob <sip:bob> ; TAG=x');
  });

  it('answers a request that has none of them', () => {
    expect(text(serialize(responseTo(new Request({ method: 'X', uri: 'sip:b' }), 400)))).toBe(
      lines('SIP/2.0 400 Bad Request', 'Content-Length: 0'),
    );
  });

  it('takes a body and a reason, and refuses a tag that is no token', () => {
    const response = responseTo(parsed(), 200, { reason: '', body: 'v=0' });
    expect([response.reason, text(response.content)]).toEqual(['', 'v=0']);
    expect(() => responseTo(parsed(), 200, { toTag: 'a;b' })).toThrow(UsageError);
  });
});

describe('limits', () => {
  const parser = new MessageParser({ limits: { head: 200, headers: 3, uri: 20, body: 5 } });
  const codeOf = (message: string): string | undefined =>
    catching(() => parser.parse(octets(message)))?.code;

  it.each([
    [
      'a head',
      lines('OPTIONS sip:b SIP/2.0', `X: ${'x'.repeat(170)}`),
      lines('OPTIONS sip:b SIP/2.0', `X: ${'x'.repeat(171)}`),
      'SIPX_LIMIT_HEAD',
    ],
    [
      'header fields',
      lines('OPTIONS sip:b SIP/2.0', 'A: 1', 'A: 2', 'A: 3'),
      lines('OPTIONS sip:b SIP/2.0', 'A: 1', 'A: 2', 'A: 3', 'A: 4'),
      'SIPX_LIMIT_HEADERS',
    ],
    [
      'a Request-URI',
      lines(`OPTIONS sip:${'b'.repeat(16)} SIP/2.0`),
      lines(`OPTIONS sip:${'b'.repeat(17)} SIP/2.0`),
      'SIPX_LIMIT_URI',
    ],
    [
      'a body',
      `${lines('OPTIONS sip:b SIP/2.0', 'A: 1')}12345`,
      `${lines('OPTIONS sip:b SIP/2.0', 'A: 1')}123456`,
      'SIPX_LIMIT_BODY',
    ],
  ])('%s', (_, inside, beyond, code) => {
    expect(codeOf(inside)).toBeUndefined();
    expect(codeOf(beyond)).toBe(code);
  });

  it('a head that never ends, by default after 64 KiB', () => {
    const endless = octets(`OPTIONS sip:b SIP/2.0\r\nX: ${'x'.repeat(70_000)}`);
    expect(catching(() => parseMessage(endless))?.code).toBe('SIPX_LIMIT_HEAD');
    expect(catching(() => parseMessage(endless.slice(0, 1_000)))?.code).toBe('SIPX_PARSE_HEADER');
  });

  it('octets behind Content-Length do not count', () => {
    expect(
      codeOf(`${lines('OPTIONS sip:b SIP/2.0', 'Content-Length: 5')}1234567890`),
    ).toBeUndefined();
  });
});

describe('what is read', () => {
  it('outlives the octets that it was read from', () => {
    const bytes = octets(invite);
    const message = request(parseMessage(bytes));
    const kept = [
      message.via.branch,
      message.from.displayName,
      message.callId,
      message.headers.raw('Subject'),
    ];
    bytes.fill(0x78);
    expect(kept).toEqual(['z9hG4bK2', 'Alice', 'c1', 'one two']);
  });

  it('may lie anywhere in a larger buffer', () => {
    const bytes = octets(`xxxxx${invite}yyyyy`).subarray(5, 5 + octets(invite).length);
    expect(text(serialize(parseMessage(bytes)))).toBe(invite);
    const message = parseMessage(
      octets(`xx${invite.replace('Length: 0', 'Length: 2')}hiyy`).subarray(2),
    );
    expect(text(message.content)).toBe('hi');
  });

  it('is the same from a plain array and from a Buffer', () => {
    expect(text(serialize(parseMessage(Buffer.from(invite))))).toBe(invite);
    expect(
      parseMessage(Buffer.from(`${invite.replace('Length: 0', 'Length: 2')}hi`)).content,
    ).toEqual(octets('hi'));
  });

  it('keeps results of serialize apart', () => {
    const messages = Array.from(
      { length: 300 },
      (_, n) => new Response({ status: 200, body: 'b'.repeat(n * 7), headers: { 'X-N': n } }),
    );
    const written = messages.map((message) => serialize(message));
    for (const [n, bytes] of written.entries()) {
      expect(text(bytes)).toBe(
        `${lines('SIP/2.0 200 OK', `X-N: ${n}`, `Content-Length: ${n * 7}`)}${'b'.repeat(n * 7)}`,
      );
    }
  });

  it('names every fault at once', () => {
    const faults = validate(new Request({ method: 'INVITE', uri: 'sip:b' }));
    expect(faults.map(({ header }) => header)).toEqual(['From', 'To', 'Call-ID', 'CSeq', 'Via']);
    expect(faults[0]).toEqual({
      status: 400,
      code: 'SIPX_MESSAGE_INVALID',
      header: 'From',
      expected: 'a From header',
      got: 'none',
    });
  });
});

const catching = (action: () => unknown): SIPXError | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof SIPXError) return error;
    throw error;
  }
};
