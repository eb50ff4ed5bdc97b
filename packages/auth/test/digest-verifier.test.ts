import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import {
  AuthParser,
  Challenge,
  type Credentials,
  DigestAuth,
  DigestVerifier,
  type DigestVerifierOptions,
  type Lookup,
  type Verdict,
} from '@sipx/auth';
import { ManualClock, SeededIds } from '@sipx/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

const uri = 'sip:example.com';
const method = 'REGISTER';
const alice = { username: 'alice', password: 's3cret' };
const secret = 'sixteen bytes or more';
const lifetime = 300_000;

const setUp = (options: Partial<DigestVerifierOptions> = {}) => {
  const clock = new ManualClock();
  const ids = new SeededIds('server');
  const users: Record<string, string> = { alice: 's3cret' };
  const lookup = (name: string): string | undefined => users[name];
  return {
    clock,
    verifier: new DigestVerifier({ realm: 'a', clock, ids, lookup, ...options }),
  };
};

const answer = (
  challenges: readonly string[],
  credentials: Credentials = alice,
  request: { method: string; uri: string } = { method, uri },
): string => {
  const challenge = challenges.flatMap((header) => AuthParser.parseChallenges(header));
  return new DigestAuth({ credentials, ids: new SeededIds('client') }).authorize({
    challenge,
    ...request,
  });
};

const welcome: Verdict = { ok: true, username: 'alice' };
const refused: Verdict = { ok: false, stale: false, reason: 'refused' };
const stale: Verdict = { ok: false, stale: true, reason: 'stale' };
const because = (reason: string): object => ({ ok: false, stale: false, reason });

describe('a challenge', () => {
  it('is one field for each algorithm, in order, with one nonce', () => {
    const { verifier } = setUp();
    const fields = verifier.challenge();
    expect(fields).toEqual([
      expect.stringMatching(/^Digest realm="a", nonce="[\w.]+", algorithm=SHA-256, qop="auth"$/),
      expect.stringMatching(/^Digest realm="a", nonce="[\w.]+", algorithm=MD5, qop="auth"$/),
    ]);
    const nonces = fields.flatMap(AuthParser.parseChallenges).map(({ nonce }) => nonce);
    expect(new Set(nonces).size).toBe(1);
    expect(verifier.challenge({ stale: true })[0]).toContain(', stale=true,');
    expect(verifier.challenge()).not.toEqual(fields);
  });
});

describe('a verdict', () => {
  it.each([['SHA-256'], ['MD5']])('welcomes the right answer in %s', async (algorithm) => {
    const { verifier } = setUp({ algorithms: [algorithm] });
    const header = answer(verifier.challenge());
    expect(header).toContain(`algorithm=${algorithm}`);
    expect(await verifier.verify({ header, method, uri })).toEqual(welcome);
  });

  it('refuses whatever differs, and unknown users like wrong passwords', async () => {
    const { verifier } = setUp();
    const offered = verifier.challenge();
    const good = answer(offered);
    const rows: readonly [header: string, asked: string][] = [
      [answer(offered, { ...alice, password: 'wrong' }), method],
      [answer(offered, { ...alice, username: 'mallory' }), method],
      [answer(offered, { ...alice, username: 'Alice' }), method],
      [good, 'INVITE'],
      [good.replace('uri="sip:example.com"', 'uri="sip:other"'), method],
      [good.replace('nc=00000001', 'nc=00000002'), method],
      [good.replace('response="', 'response="0'), method],
      [good.replace(/response="\w+"/, 'response=""'), method],
    ];
    for (const [header, asked] of rows) {
      expect(await verifier.verify({ header, method: asked, uri }), header).toEqual(refused);
    }
  });

  it('has no user whose password could be the decoy', async () => {
    const ids = { token: () => 'decoy', random: () => 0 };
    const { verifier } = setUp({ ids, secret });
    const mallory = { username: 'mallory', password: 'decoy' };
    const header = answer(verifier.challenge(), mallory);
    expect(await verifier.verify({ header, method, uri })).toEqual(refused);
  });

  it('says what is missing', async () => {
    const { verifier } = setUp({ algorithms: ['SHA-256'] });
    const good = answer(verifier.challenge());
    const md5 = answer(setUp({ algorithms: ['MD5'] }).verifier.challenge());
    const elsewhere = answer(setUp({ realm: 'b' }).verifier.challenge());
    const rows: readonly [header: string | string[] | undefined, verdict: object][] = [
      [undefined, because('absent')],
      [[], because('absent')],
      [elsewhere, because('absent')],
      ['Bearer abc', because('absent')],
      ['Digest realm="a"', because('malformed')],
      ['', because('malformed')],
      [md5, because('unsupported')],
      [good.replace('SHA-256', 'SHA-1'), because('unsupported')],
      [good.replace('qop=auth, ', ''), because('unsupported')],
      [good.replace('qop=auth', 'qop=auth-int'), because('unsupported')],
      [['Bearer abc', elsewhere, 'Digest realm="a', good], welcome],
    ];
    for (const [header, verdict] of rows) {
      expect(await verifier.verify({ header, method, uri }), String(header)).toEqual(verdict);
    }
  });

  it('takes a URI that a proxy changed, unless told otherwise', async () => {
    const strict = (given: string, asked: string): boolean => given === asked;
    const changed = 'sip:192.0.2.1';
    for (const [acceptUri, verdict] of [
      [undefined, welcome],
      [strict, because('uri')],
    ] as const) {
      const { verifier } = setUp(acceptUri && { acceptUri });
      const header = answer(verifier.challenge());
      expect(await verifier.verify({ header, method, uri: changed })).toEqual(verdict);
      expect(await verifier.verify({ header, method, uri })).toEqual(welcome);
    }
  });
});

describe('a nonce', () => {
  it('is stale after its life, and only that', async () => {
    const { clock, verifier } = setUp();
    const header = answer(verifier.challenge());
    const wrong = answer(verifier.challenge(), { ...alice, password: 'wrong' });
    await clock.advance(lifetime);
    expect(await verifier.verify({ header, method, uri })).toEqual(welcome);
    await clock.advance(1);
    expect(await verifier.verify({ header, method, uri })).toEqual(stale);
    expect(await verifier.verify({ header: wrong, method, uri })).toEqual(refused);
  });

  it('is good at whoever holds the secret, for the same realm', async () => {
    const made = setUp({ secret }).verifier.challenge();
    const ids = new SeededIds('another');
    const sibling = setUp({ secret: new TextEncoder().encode(secret), ids }).verifier;
    const stranger = setUp({ ids }).verifier;
    const header = answer(made);
    expect(await sibling.verify({ header, method, uri })).toEqual(welcome);
    expect(await stranger.verify({ header, method, uri })).toEqual(stale);

    const nonce = AuthParser.parseChallenges(made[0] ?? '')[0]?.nonce ?? '';
    const moved = new Challenge({ realm: 'b', nonce, algorithm: 'MD5', qop: ['auth'] });
    const elsewhere = setUp({ secret, realm: 'b' }).verifier;
    const verdict = await elsewhere.verify({ header: answer([moved.toString()]), method, uri });
    expect(verdict).toEqual(stale);
  });

  it('is of no use when it is made up', async () => {
    const { verifier } = setUp();
    const real = AuthParser.parseChallenges(verifier.challenge()[0] ?? '')[0]?.nonce ?? '';
    const [time = '', token = '', seal = ''] = real.split('.');
    const made = [
      '',
      '.',
      'x',
      `${time}.${token}`,
      `${time}.x.${seal}`,
      `z${time}.${token}.${seal}`,
    ];
    for (const nonce of [...made, `${real}0`, real.slice(0, -1)]) {
      const field = new Challenge({ realm: 'a', nonce, algorithm: 'MD5', qop: ['auth'] });
      const header = answer([field.toString()]);
      expect(await verifier.verify({ header, method, uri }), nonce).toEqual(stale);
    }
  });
});

describe('the lookup', () => {
  it('may give HA1 or a promise, and is told the algorithm', async () => {
    const ha1 = createHash('md5').update('alice:a:s3cret').digest('hex').toUpperCase();
    const lookup = vi.fn<Lookup>(async () => ({ ha1 }));
    const { verifier } = setUp({ lookup, algorithms: ['MD5'] });
    const header = answer(verifier.challenge());
    expect(await verifier.verify({ header, method, uri })).toEqual(welcome);
    expect(lookup).toHaveBeenCalledExactlyOnceWith('alice', 'a', 'MD5');
  });

  it('fails the verification with its own error', async () => {
    const lookup = (): never => {
      throw new RangeError('no database');
    };
    const { verifier } = setUp({ lookup });
    const header = answer(verifier.challenge());
    await expect(verifier.verify({ header, method, uri })).rejects.toThrow('no database');
  });
});

it('refuses what makes no verifier', () => {
  expect(() => setUp({ algorithms: ['SHA-1'] })).toThrow(
    expect.objectContaining({ code: 'SIPX_USAGE' }),
  );
  expect(() => setUp({ secret: 'fifteen bytes..' })).toThrow(
    expect.objectContaining({ code: 'SIPX_USAGE' }),
  );
});

it('shows no secret', () => {
  const { verifier } = setUp({ secret });
  const shown = inspect(verifier, { depth: 9, showHidden: true }) + JSON.stringify(verifier);
  expect(shown).not.toContain(secret);
});

it('welcomes whoever knows the password, whatever the names are', async () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\0-\x1f\x7f]/.test(value));
  const algorithms = fc.subarray(['MD5', 'SHA-256'], { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      text,
      text,
      algorithms,
      async (username, password, realm, to, a) => {
        const lookup = (name: string): string | undefined =>
          name === username ? password : undefined;
        const { verifier } = setUp({ realm, lookup, algorithms: a });
        const offered = verifier.challenge();
        const request = { method, uri: to };
        const header = answer(offered, { username, password }, request);
        expect(await verifier.verify({ header, ...request })).toEqual({ ok: true, username });
        const wrong = answer(offered, { username, password: `${password}x` }, request);
        expect(await verifier.verify({ header: wrong, ...request })).toEqual(refused);
      },
    ),
  );
});
