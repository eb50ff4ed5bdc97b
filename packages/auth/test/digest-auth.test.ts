import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { AuthParser, Challenge, type Credentials, DigestAuth } from '@sipx/auth';
import { SeededIds } from '@sipx/testing';
import { describe, expect, it, vi } from 'vitest';
import { vectors } from './vectors.ts';

const alice = { username: 'alice', password: 's3cret' };
const answering = (credentials: Credentials = alice): DigestAuth =>
  new DigestAuth({ credentials, ids: new SeededIds(1) });
const request = { method: 'REGISTER', uri: 'sip:example.com' };

describe("the RFCs' examples", () => {
  it.each(vectors)('$name', ({ password, method, challenge, authorization }) => {
    const printed = AuthParser.parseCredentials(authorization);
    const ids = { token: () => printed.protection?.cnonce ?? '', random: () => 0 };
    const auth = new DigestAuth({ credentials: { username: 'Mufasa', password }, ids });
    const challenges = AuthParser.parseChallenges(challenge);
    const made = auth.authorize({ challenge: challenges, method, uri: printed.uri });
    expect(AuthParser.parseCredentials(made)).toEqual(printed);
  });
});

describe('what is written', () => {
  it('quotes what is to be quoted and nothing else', () => {
    const challenge = new Challenge({
      realm: 'a "b"',
      nonce: 'n',
      opaque: 'o',
      algorithm: 'SHA-256',
      qop: ['auth'],
    });
    expect(answering().authorize({ challenge, ...request })).toMatch(
      /^Digest username="alice", realm="a \\"b\\"", nonce="n", uri="sip:example.com", response="[\da-f]{64}", algorithm=SHA-256, opaque="o", qop=auth, cnonce="[\da-z]{20}", nc=00000001$/,
    );
  });

  it('has neither qop nor algorithm where the challenge has none (RFC 2069)', () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const response = md5(`${md5('alice:a:s3cret')}:n:${md5('REGISTER:sip:example.com')}`);
    const challenge = new Challenge({ realm: 'a', nonce: 'n' });
    expect(answering().authorize({ challenge, ...request })).toBe(
      `Digest username="alice", realm="a", nonce="n", uri="sip:example.com", response="${response}"`,
    );
  });

  it('is the same by HA1 as by password', () => {
    const ha1 = createHash('sha256').update('alice:a:s3cret').digest('hex').toUpperCase();
    const challenge = new Challenge({
      realm: 'a',
      nonce: 'n',
      algorithm: 'SHA-256',
      qop: ['auth'],
    });
    const credentials = { username: 'alice', ha1, realm: 'a', algorithm: 'sha-256' };
    expect(answering(credentials).authorize({ challenge, ...request })).toBe(
      answering().authorize({ challenge, ...request }),
    );
  });
});

describe('the nonce count', () => {
  const count = (auth: DigestAuth, nonce: string): string | undefined => {
    const challenge = new Challenge({ realm: 'a', nonce, qop: ['auth'] });
    const answer = auth.authorize({ challenge, ...request });
    return AuthParser.parseCredentials(answer).protection?.nc;
  };

  it('rises with each use of a nonce, in hexadecimal, and starts anew with the next', () => {
    const auth = answering();
    const counts = Array.from({ length: 17 }, () => count(auth, 'n'));
    expect(counts.slice(0, 2)).toEqual(['00000001', '00000002']);
    expect(counts.slice(-8)).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f', '10', '11'].map((nc) => nc.padStart(8, '0')),
    );
    expect(count(auth, 'm')).toBe('00000001');
    expect(count(auth, 'n')).toBe('00000012');
  });

  it('is kept for the nonces in use, however many came', () => {
    const auth = answering();
    for (let i = 0; i < 1000; i += 1) {
      count(auth, 'kept');
      count(auth, `n${i}`);
    }
    expect(count(auth, 'kept')).toBe('000003e9');
    expect(count(auth, 'n0')).toBe('00000001');
  });

  it('comes with a fresh cnonce', () => {
    const auth = answering();
    const challenge = new Challenge({ realm: 'a', nonce: 'n', qop: ['auth'] });
    const cnonces = Array.from({ length: 10 }, () => {
      const answer = AuthParser.parseCredentials(auth.authorize({ challenge, ...request }));
      return answer.protection?.cnonce;
    });
    expect(new Set(cnonces).size).toBe(10);
  });
});

describe('the choice', () => {
  const ha1: Credentials = { username: 'alice', ha1: '0'.repeat(32), realm: 'a' };
  const inA: Credentials = { ...alice, realm: 'a' };
  const rows: readonly [offered: string[], credentials: Credentials, chosen: number | undefined][] =
    [
      [['Digest realm="a", nonce="n"'], alice, 0],
      [['Digest realm="a", nonce="n", algorithm=md5'], alice, 0],
      [
        [
          'Digest realm="a", nonce="n", algorithm=Whirl',
          'Digest realm="a", nonce="n", algorithm=MD5',
          'Digest realm="a", nonce="n", algorithm=sha-256',
        ],
        alice,
        2,
      ],
      [['Digest realm="a", nonce="1", algorithm=SHA-256', 'Digest realm="a", nonce="2"'], alice, 0],
      [['Digest realm="a", nonce="1"', 'Digest realm="a", nonce="2"'], alice, 0],
      [['Bearer realm="a"', 'digest realm="a", nonce="n"'], alice, 1],
      [['Digest realm="a", nonce="n", qop="auth-int"'], alice, undefined],
      [['Digest realm="a", nonce="n", qop="auth-int,auth"'], alice, 0],
      [['Digest realm="a", nonce="n", algorithm=Whirl'], alice, undefined],
      [['Bearer realm="a"'], alice, undefined],
      [[], alice, undefined],
      [['Digest realm="b", nonce="n"', 'Digest realm="a", nonce="n"'], inA, 1],
      [['Digest realm="A", nonce="n"'], inA, undefined],
      [['Digest realm="a", nonce="n", algorithm=SHA-256', 'Digest realm="a", nonce="n"'], ha1, 1],
      [['Digest realm="a", nonce="n", algorithm=SHA-256'], ha1, undefined],
      [['Digest realm="b", nonce="n"'], ha1, undefined],
    ];
  it.each(rows)('from %j', (offered, credentials, chosen) => {
    const auth = answering(credentials);
    const challenges = offered.flatMap((header) => AuthParser.parseChallenges(header));
    const expected = chosen === undefined ? undefined : challenges[chosen];
    expect(auth.choose(challenges)).toBe(expected);
    const authorize = (): string => auth.authorize({ challenge: challenges, ...request });
    if (expected) expect(authorize()).toContain(`nonce="${expected.nonce}"`);
    else {
      expect(authorize).toThrow(
        expect.objectContaining({ name: 'ProtocolError', code: 'SIPX_AUTH_UNSUPPORTED' }),
      );
    }
  });
});

it('refuses credentials that cannot be used', () => {
  expect(() => answering({ username: 'a\r\nVia: b', password: 'x' })).toThrow(
    expect.objectContaining({ code: 'SIPX_USAGE_HEADER' }),
  );
  expect(() => answering({ username: 'a', ha1: 'x', realm: 'r', algorithm: 'SHA-3' })).toThrow(
    expect.objectContaining({ code: 'SIPX_USAGE' }),
  );
  const challenge = new Challenge({ realm: 'a', nonce: 'n' });
  expect(() => answering().authorize({ challenge, method: 'BYE', uri: 'sip:a\r\nb' })).toThrow(
    expect.objectContaining({ code: 'SIPX_USAGE_HEADER' }),
  );
});

it('shows no secret', () => {
  const auth = answering();
  const shown = inspect(auth, { depth: 9, showHidden: true }) + JSON.stringify(auth) + String(auth);
  expect(shown).not.toContain('s3cret');
  expect(() => auth.authorize({ challenge: [], ...request })).toThrow(/^(?!.*s3cret).*$/);
});

it('hashes the same without the platform', async () => {
  vi.resetModules();
  vi.stubGlobal('process', undefined);
  try {
    const portable = await import('@sipx/auth');
    expect(portable.DigestAuth).not.toBe(DigestAuth);
    for (const algorithm of ['MD5', 'SHA-256']) {
      const options = { realm: 'größe', nonce: 'n', algorithm };
      const credentials = { username: 'jürgen', password: '日本' };
      const auth = new portable.DigestAuth({ credentials, ids: new SeededIds(1) });
      const challenge = new portable.Challenge(options);
      expect(auth.authorize({ challenge, ...request })).toBe(
        answering(credentials).authorize({ challenge: new Challenge(options), ...request }),
      );
    }
  } finally {
    vi.unstubAllGlobals();
    vi.resetModules();
  }
});
