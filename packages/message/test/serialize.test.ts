import { Headers, parseMessage, Request, Response, responseTo, serialize } from '@sipx/message';
import { describe, expect, it } from 'vitest';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');

const invite = (to: string): Request => {
  const message = parseMessage(
    Buffer.from(
      lines(
        'INVITE sip:b SIP/2.0',
        'v:SIP/2.0/UDP a;branch=z9hG4bK1',
        'From: <sip:a>;tag=1',
        to,
        'Call-ID: 1',
        'CSeq: 1 INVITE',
      ),
    ),
  );
  if (message.type !== 'request') throw new Error('no request');
  return message;
};

describe('what is not ASCII', () => {
  it.each(['é', '€', '😀', '\ud800'])(
    'is UTF-8, wherever it stands, and is counted in octets: %s',
    (char) => {
      for (let size = 0; size < 700; size += 1) {
        const body = 'b'.repeat(size) + char;
        const response = new Response({ status: 200, reason: char, headers: { X: char }, body });
        const expected = `SIP/2.0 200 ${char}\r\nX: ${char}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
        expect(Buffer.from(serialize(response)).equals(Buffer.from(expected))).toBe(true);
      }
    },
  );

  it('goes out as it came, also where it is not UTF-8, beside a text of the program', () => {
    const message = parseMessage(
      Buffer.from(lines('OPTIONS sip:b SIP/2.0', 'Subject: \xff\xe9'), 'latin1'),
    );
    message.headers.append('X', 'é');
    expect(Buffer.from(serialize(message)).toString('latin1')).toBe(
      lines('OPTIONS sip:b SIP/2.0', 'Subject: \xff\xe9', 'X: Ã©', 'Content-Length: 0'),
    );
  });

  it('has octets of its own where it is longer than what shares', () => {
    const body = 'é'.repeat(40_000);
    const [first, second] = [1, 2].map((n) =>
      serialize(new Response({ status: 200, headers: { N: n }, body })),
    );
    expect([first, second].map((bytes) => text(bytes ?? new Uint8Array()))).toEqual(
      [1, 2].map((n) => `SIP/2.0 200 OK\r\nN: ${n}\r\nContent-Length: 80000\r\n\r\n${body}`),
    );
  });
});

it('takes fields of several messages, in whatever order they stand', () => {
  const other = parseMessage(Buffer.from(lines('SIP/2.0 200 OK', 'A:1', 'B: 2')));
  const message = invite('To: <sip:b>');
  const { fields } = message.headers;
  const [a, b] = other.headers.fields;
  if (!a || !b) throw new Error('no fields');
  const request = new Request({
    method: 'INFO',
    uri: 'sip:b',
    headers: Headers.of([...fields.slice(3), b, ...fields.slice(0, 2), a]),
  });
  expect(text(serialize(request))).toBe(
    lines(
      'INFO sip:b SIP/2.0',
      'Call-ID: 1',
      'CSeq: 1 INVITE',
      'B: 2',
      'v:SIP/2.0/UDP a;branch=z9hG4bK1',
      'From: <sip:a>;tag=1',
      'A:1',
      'Content-Length: 0',
    ),
  );
});

it.each([
  ['To: <sip:b>', 'To: <sip:b>;tag=t'],
  ['To: "Bob" <sip:b>;x=1', 'To: "Bob" <sip:b>;x=1;tag=t'],
  ['t:<sip:b>', 't: <sip:b>;tag=t'],
  ['To : <sip:b>', 'To: <sip:b>;tag=t'],
  ['To:  <sip:b> ', 'To: <sip:b>;tag=t'],
  ['To: <sip:b>\t', 'To: <sip:b>;tag=t'],
  ['To:\r\n <sip:b>', 'To: <sip:b>;tag=t'],
  ['To: sip:b', 'To: <sip:b>;tag=t'],
  ['To: <sip:b>;tag=mine', 'To: <sip:b>;tag=mine'],
])('an answer has a tag on To: %j', (to, expected) => {
  for (const read of [false, true]) {
    const request = invite(to);
    if (read) void request.to;
    const response = responseTo(request, 200, { toTag: 't' });
    expect(text(serialize(response)).split('\r\n')[3]).toBe(expected);
    expect(response.headers.raw('To')).toBe(expected.slice(expected.indexOf(':') + 2));
    expect(response.to.tag).toBe(/tag=(.*)/.exec(expected)?.[1]);
    expect(response.headers.getAll('To')).toHaveLength(1);
    expect(text(serialize(response.with({})))).toBe(text(serialize(response)));
  }
});

it('a status below 100 and a phrase or version of a peer go out as they came', () => {
  for (const start of ['SIP/2.0 099 x', 'SIP/2.0 200 Fine', 'SIP/3.0 200 OK', 'SIP/2.0 200 OK']) {
    const message = parseMessage(Buffer.from(lines(start, 'Content-Length: 0')));
    expect(text(serialize(message))).toBe(lines(start, 'Content-Length: 0'));
  }
});

it('a name that folds to one of the table without being a token is refused', () => {
  expect(() => new Headers({ '\u212a': 'timer' })).toThrow(
    expect.objectContaining({ code: 'SIPX_USAGE_HEADER' }),
  );
});
