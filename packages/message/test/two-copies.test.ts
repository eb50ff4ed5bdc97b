import { parseMessage, parseURI, Request, responseTo, serialize } from '@sipx/message';
import { validate } from '@sipx/message/validate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

/* A second copy of the package, loaded where there is no Buffer, as in a browser. */
let other: typeof import('@sipx/message');

beforeAll(async () => {
  vi.resetModules();
  vi.stubGlobal('Buffer', undefined);
  other = await import('@sipx/message').finally(() => vi.unstubAllGlobals());
});
afterAll(() => vi.resetModules());

const octets = new TextEncoder().encode(
  'INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n' +
    'From: "J\u00fcrgen the very long \u0080" <sip:a@b>;tag=1\r\nTo: <sip:b@b>;tag=2\r\nCall-ID: 1\r\n' +
    'CSeq: 1 INVITE\r\nContact: <sip:a@b;x=1>\r\nSubject: d\u00eda\r\nContent-Length: 3\r\n\r\nn\u00e9',
);

const requestOf = (message: { readonly type: string }): Request => {
  if (message.type === 'request') return message as Request;
  throw new TypeError('a response');
};

describe('a second copy, without Buffer', () => {
  it('is another copy', () => {
    expect(other.Request).not.toBe(Request);
    expect(other.parseMessage(octets)).not.toBeInstanceOf(Request);
  });

  it('reads and writes the same', () => {
    const [mine, theirs] = [parseMessage(octets), other.parseMessage(octets)];
    expect([...theirs.headers]).toEqual([...mine.headers]);
    expect(theirs.from.displayName).toBe('J\u00fcrgen the very long \u0080');
    expect(other.serialize(theirs)).toEqual(octets);
    const made = {
      method: 'INFO',
      uri: 'sip:b',
      headers: { Subject: 'd\u00eda' },
      body: 'n\u00e9',
    };
    expect(other.serialize(new other.Request(made))).toEqual(serialize(new Request(made)));
  });

  it('gives messages that this copy writes, checks and answers', () => {
    const theirs = requestOf(other.parseMessage(octets));
    expect(serialize(theirs)).toEqual(octets);
    expect(validate(theirs)).toEqual([]);
    expect(responseTo(theirs, 200, { toTag: 'x' }).headers.raw('To')).toBe('<sip:b@b>;tag=2');
    const copied = new Request({ method: 'BYE', uri: theirs.uri, headers: theirs.headers });
    expect(copied.via.branch).toBe('z9hG4bK1');
    expect(copied.from.with({ uri: theirs.from.uri, params: theirs.to.params }).tag).toBe('2');
  });

  it('has URIs that equal those of this one', () => {
    const text = 'sip:b@b;x=1';
    expect(parseURI(text).equals(other.parseURI(text))).toBe(true);
    expect(parseURI(text).equals(other.parseURI('sip:c@b'))).toBe(false);
  });
});
