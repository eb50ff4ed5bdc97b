import { AuthParser, Challenge, type ChallengeOptions } from '@sipx/auth';
import { SIPXError } from '@sipx/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const digest = {
  scheme: 'Digest',
  realm: 'a',
  nonce: 'n',
  opaque: undefined,
  algorithm: undefined,
  qop: [],
  stale: false,
};

describe('parseChallenges', () => {
  const read: readonly [text: string, ...challenges: Partial<ChallengeOptions>[]][] = [
    ['Digest realm="a", nonce="n"', digest],
    ['digest REALM="a",Nonce="n"', { ...digest, scheme: 'digest' }],
    ['Digest realm=a, nonce=n', digest],
    ['Digest realm = "a" ,\tnonce= "n"', digest],
    ['Digest ,, realm="a",, nonce="n",', digest],
    ['Digest realm="a", nonce="n", algorithm="SHA-256"', { ...digest, algorithm: 'SHA-256' }],
    ['Digest realm="a", nonce="n", qop=auth', { ...digest, qop: ['auth'] }],
    ['Digest realm="a", nonce="n", qop="auth, AUTH-INT"', { ...digest, qop: ['auth', 'auth-int'] }],
    ['Digest realm="a", nonce="n", qop=""', digest],
    ['Digest realm="a", nonce="n", stale=TRUE', { ...digest, stale: true }],
    ['Digest realm="a", nonce="n", stale="true"', { ...digest, stale: true }],
    ['Digest realm="a", nonce="n", stale=yes', digest],
    ['Digest realm="a", nonce="n", opaque=""', { ...digest, opaque: '' }],
    ['Digest realm="a", nonce=ab/+c==', { ...digest, nonce: 'ab/+c==' }],
    ['Digest realm="a", nonce="n", domain="sip:x sip:y", x-new=1', digest],
    [String.raw`Digest realm="say \"a\\b\", c", nonce="n"`, { ...digest, realm: 'say "a\\b", c' }],
    ['Digest realm="größe", nonce="n"', { ...digest, realm: 'größe' }],
    ['Digest realm="", nonce=""', { ...digest, realm: '', nonce: '' }],
    [
      'Digest realm="a", nonce="n", Digest realm="b", nonce="m"',
      digest,
      { ...digest, realm: 'b', nonce: 'm' },
    ],
    ['NTLM, Digest realm="a", nonce="n"', { scheme: 'NTLM', realm: '', nonce: '' }, digest],
    ['Negotiate ab+/c==, Digest realm="a", nonce="n"', { scheme: 'Negotiate', realm: '' }, digest],
    ['Bearer realm="a", scope="x y"', { scheme: 'Bearer', realm: 'a', nonce: '' }],
  ];
  it.each(read)('reads %s', (text, ...expected) => {
    expect(AuthParser.parseChallenges(text)).toMatchObject(expected);
  });

  const refused: readonly [text: string, expected: string][] = [
    ['', 'a scheme'],
    [' , ', 'a scheme'],
    ['realm="a"', 'a scheme before the parameters'],
    ['="a"', 'a scheme or a parameter'],
    ['Digest realm="a"', 'realm and nonce'],
    ['Digest nonce="n"', 'realm and nonce'],
    ['Digest realm="a, nonce="n"', 'a comma'],
    ['Digest realm="a", nonce="n', 'a closing quote'],
    ['Digest realm="a", nonce="n\\', 'a closing quote'],
    ['Digest realm="a" nonce="n"', 'a comma'],
    ['Digest realm="a", nonce="n", Realm="b"', 'Realm once'],
    ['Digest realm="a\r\nVia: x", nonce="n"', 'no control character'],
    ['Digest realm="a\0", nonce="n"', 'no control character'],
  ];
  it.each(refused)('refuses %j', (text, expected) => {
    expect(() => AuthParser.parseChallenges(text)).toThrow(
      expect.objectContaining({ code: 'SIPX_PARSE_CHALLENGE', expected }),
    );
  });
});

describe('parseCredentials', () => {
  const five = 'username="u", realm="a", nonce="n", uri="sip:b@c;x=y", response="00FF"';
  const plain = {
    username: 'u',
    realm: 'a',
    nonce: 'n',
    uri: 'sip:b@c;x=y',
    response: '00ff',
    algorithm: undefined,
    opaque: undefined,
    protection: undefined,
  };
  const auth = { qop: 'auth', cnonce: 'c', nc: '0000000A' };

  it.each([
    [`Digest ${five}`, plain],
    [`DIGEST ${five},algorithm="md5",opaque="o"`, { ...plain, algorithm: 'md5', opaque: 'o' }],
    [`Digest ${five}, qop=auth, cnonce="c", nc=0000000A`, { ...plain, protection: auth }],
    [`Digest ${five}, qop="Auth", cnonce=c, nc="0000000A"`, { ...plain, protection: auth }],
    ['Digest username=u, realm=a, nonce=n, uri=sip:b@c;x=y, response=00ff', plain],
  ])('reads %s', (text, expected) => {
    expect(AuthParser.parseCredentials(text)).toEqual(expected);
  });

  it.each([
    ['Digest username="u", realm="a", nonce="n", uri="sip:b"', 'SIPX_PARSE_HEADER', 'response'],
    [`Digest ${five}, qop=auth, nc=00000001`, 'SIPX_PARSE_HEADER', 'cnonce'],
    [`Digest ${five}, qop=auth, cnonce="c"`, 'SIPX_PARSE_HEADER', 'nc'],
    [`Digest ${five}, qop=auth, cnonce="c", nc=1`, 'SIPX_PARSE_HEADER', 'eight digits of nc'],
    [`Digest ${five}, nonce="m"`, 'SIPX_PARSE_HEADER', 'nonce once'],
    ['Bearer c2VjcmV0', 'SIPX_AUTH_UNSUPPORTED', 'Digest'],
  ])('refuses %s', (text, code, expected) => {
    expect(() => AuthParser.parseCredentials(text)).toThrow(
      expect.objectContaining({ code, expected }),
    );
  });

  it('tells nothing of what it could not read', () => {
    for (const text of ['Digest username="hush', 'Bearer hush', 'Digest response=hush hush']) {
      expect(() => AuthParser.parseCredentials(text)).toThrow(/^(?!.*hush).*$/);
    }
  });
});

describe('the grammar', () => {
  it('reads back what a challenge writes', () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0-\x1f\x7f]/.test(text));
    const challenges = fc.record({
      scheme: fc.constant('Digest'),
      realm: value,
      nonce: value,
      opaque: fc.option(value, { nil: undefined }),
      algorithm: fc.constantFrom(undefined, 'MD5', 'SHA-256', 'other'),
      qop: fc.subarray(['auth', 'auth-int']),
      stale: fc.boolean(),
    });
    fc.assert(
      fc.property(challenges, (options) => {
        const written = new Challenge(options).toString();
        expect(AuthParser.parseChallenges(written)).toEqual([new Challenge(options)]);
      }),
    );
  });

  it('throws nothing but coded errors', () => {
    const piece = fc.constantFrom(
      'Digest ',
      'realm',
      '=',
      '"',
      '\\',
      ',',
      ' ',
      '\t',
      'a',
      '=,',
      '\r',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (header) => {
        for (const parse of [AuthParser.parseChallenges, AuthParser.parseCredentials]) {
          try {
            parse(header);
          } catch (error) {
            expect(error).toBeInstanceOf(SIPXError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  // What is not linear takes minutes.
  it.each(['"', '\\"', 'a', 'a=', 'a ', ', ', 'a,', 'a=",', '\t'])('is linear in %j', (piece) => {
    const many = piece.repeat(50_000);
    let read = 0;
    for (const header of [many, `Digest ${many}`, `Digest x="${many}`]) {
      try {
        read += AuthParser.parseChallenges(header).length;
      } catch (error) {
        expect(error).toBeInstanceOf(SIPXError);
        read += 1;
      }
    }
    expect(read).toBeGreaterThanOrEqual(3);
  });
});

it('writes no control character, wherever it is', () => {
  const bad = 'x\r\nVia: y';
  for (const field of ['scheme', 'realm', 'nonce', 'opaque', 'algorithm'] as const) {
    const challenge = new Challenge({ realm: 'a', nonce: 'n', [field]: bad });
    expect(() => challenge.toString(), field).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE_HEADER' }),
    );
  }
});
