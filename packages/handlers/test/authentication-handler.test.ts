import { AuthParser, type Credentials, DigestVerifier } from '@sipx/auth';
import {
  AuthenticationHandler,
  EventContext,
  type EventContextOptions,
  HandlerChain,
  Retry,
} from '@sipx/handlers';
import type { Request, Response } from '@sipx/message';
import { ManualClock, SeededIds } from '@sipx/testing';
import { describe, expect, it } from 'vitest';
import { contextOf, requestOf, responseOf } from './messages.ts';

const alice: Credentials = { username: 'alice', password: 's3cret' };
const wrong: Credentials = { username: 'alice', password: 'wrong' };
const clock = new ManualClock();

const realm = (name: string, options: { nonceLifetime?: number } = {}): DigestVerifier =>
  new DigestVerifier({
    realm: name,
    clock,
    ids: new SeededIds(name),
    lookup: (username) => (username === 'alice' ? 's3cret' : undefined),
    ...options,
  });

const handlerOf = (credentials?: Credentials): AuthenticationHandler =>
  new AuthenticationHandler({ credentials, ids: new SeededIds('client') });

/** Who stands in the way of a request: undefined lets it through. */
type Guard = (request: Request) => Promise<Response | undefined>;

const server = (verifier: DigestVerifier): Guard =>
  guard(verifier, 401, 'WWW-Authenticate', 'Authorization');
const proxy = (verifier: DigestVerifier): Guard =>
  guard(verifier, 407, 'Proxy-Authenticate', 'Proxy-Authorization');

const guard =
  (verifier: DigestVerifier, status: number, asks: string, answers: string): Guard =>
  async (request) => {
    const { method } = request;
    const header = request.headers.rawAll(answers);
    const verdict = await verifier.verify({ header, method, uri: request.uri.toString() });
    if (verdict.ok) return undefined;
    return responseOf(status, { [asks]: verifier.challenge({ stale: verdict.stale }) });
  };

/** Sends as the attempt loop does, until nobody asks for more. Gives all requests and the last response. */
const exchange = async (
  handler: AuthenticationHandler | AuthenticationHandler[],
  guards: Guard[],
  options: Partial<EventContextOptions> = {},
): Promise<{ sent: Request[]; response: Response }> => {
  const chain = new HandlerChain([handler].flat());
  const sent: Request[] = [];
  let context: EventContext = contextOf(options);
  for (;;) {
    const { request } = context;
    sent.push(request);
    expect(sent.length).toBeLessThan(20);
    let response = responseOf(200);
    for (const each of guards) {
      const refusal = await each(request);
      if (!refusal) continue;
      response = refusal;
      break;
    }
    const result = await chain.runResponse(response, context);
    if (!Retry.is(result)) return { sent, response: result };
    context = context.next(result.change(request));
  }
};

describe('a challenge', () => {
  it.each([
    ['a server', server, 'Authorization'],
    ['a proxy', proxy, 'Proxy-Authorization'],
  ])('of %s is answered once', async (_, guarding, field) => {
    const { sent, response } = await exchange(handlerOf(alice), [guarding(realm('a'))]);
    expect(response.status).toBe(200);
    expect(sent.map(({ headers }) => headers.rawAll(field).length)).toEqual([0, 1]);
    expect(AuthParser.parseCredentials(sent[1]?.headers.raw(field) ?? '')).toMatchObject({
      uri: 'sip:bob@example.com',
      algorithm: 'SHA-256',
    });
  });

  it('of two proxies and a server is answered to each, and each answer is kept', async () => {
    const guards = [proxy(realm('p')), proxy(realm('q')), server(realm('s'))];
    const { sent, response } = await exchange(handlerOf(alice), guards);
    expect(response.status).toBe(200);
    expect(sent).toHaveLength(4);
    const realms = (field: string): (string | undefined)[] | undefined =>
      sent
        .at(-1)
        ?.headers.rawAll(field)
        .map((value) => AuthParser.parseCredentials(value).realm);
    expect(realms('Proxy-Authorization')).toEqual(['p', 'q']);
    expect(realms('Authorization')).toEqual(['s']);
  });

  it('of both kinds in one response is answered at once', async () => {
    const both: Guard = async (request) => {
      if (request.headers.has('Authorization') && request.headers.has('Proxy-Authorization')) {
        return undefined;
      }
      return responseOf(407, {
        'WWW-Authenticate': 'Digest realm="s", nonce="n"',
        'Proxy-Authenticate': ['Digest realm="p", nonce="n"', 'Digest realm="q", nonce="n"'],
      });
    };
    const { sent, response } = await exchange(handlerOf(alice), [both]);
    expect(response.status).toBe(200);
    expect(sent[1]?.headers.rawAll('Proxy-Authorization')).toHaveLength(2);
  });

  it('leaves other credentials of the request alone', async () => {
    const request = requestOf('INVITE', [['Authorization', 'Bearer abc']]);
    const { sent } = await exchange(handlerOf(alice), [server(realm('a'))], { request });
    expect(sent[1]?.headers.rawAll('Authorization')).toEqual([
      'Bearer abc',
      expect.stringContaining('realm="a"'),
    ]);
    expect(request.headers.rawAll('Authorization')).toHaveLength(1);
  });

  it('of a stale nonce is answered once more, unseen', async () => {
    const verifier = realm('a', { nonceLifetime: 1000 });
    const guarding = server(verifier);
    let late = true;
    const slow: Guard = async (request) => {
      if (late && request.headers.has('Authorization')) {
        late = false;
        await clock.advance(1001);
      }
      return guarding(request);
    };
    const { sent, response } = await exchange(handlerOf(alice), [slow]);
    expect(response.status).toBe(200);
    expect(sent).toHaveLength(3);
  });

  it('with a nonce that was answered before gets the next count', async () => {
    const handler = handlerOf(alice);
    const asking: Guard = async ({ headers }) =>
      headers.has('Authorization')
        ? undefined
        : responseOf(401, { 'WWW-Authenticate': 'Digest realm="a", nonce="n", qop="auth"' });
    const counts: (string | undefined)[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { sent } = await exchange(handler, [asking]);
      counts.push(
        AuthParser.parseCredentials(sent[1]?.headers.raw('Authorization') ?? '').protection?.nc,
      );
    }
    expect(counts).toEqual(['00000001', '00000002', '00000003']);
  });
});

describe('the end of trying', () => {
  const always = (make: (n: number) => string): Guard => {
    let n = 0;
    return async () => {
      n += 1;
      return responseOf(401, { 'WWW-Authenticate': make(n) });
    };
  };
  const rows: readonly [
    why: string,
    guard: () => Guard,
    sent: number,
    handler?: AuthenticationHandler,
  ][] = [
    ['credentials were refused', () => server(realm('a')), 2, handlerOf(wrong)],
    ['the same nonce came again', () => always(() => 'Digest realm="a", nonce="n"'), 2],
    [
      'the same nonce is called stale',
      () => always(() => 'Digest realm="a", nonce="n", stale=true'),
      2,
    ],
    ['a new nonce came, not stale', () => always((n) => `Digest realm="a", nonce="n${n}"`), 2],
    ['every nonce is stale', () => always((n) => `Digest realm="a", nonce="n${n}", stale=true`), 3],
    ['every time it is another realm', () => always((n) => `Digest realm="a${n}", nonce="n"`), 5],
    ['no scheme is known', () => always(() => 'Bearer realm="a"'), 1],
    ['no algorithm is known', () => always(() => 'Digest realm="a", nonce="n", algorithm=X'), 1],
    ['the challenge is malformed', () => always(() => 'Digest realm="a'), 1],
    ['there are no credentials', () => server(realm('a')), 1, handlerOf()],
    [
      'the realm is not that of the credentials',
      () => server(realm('a')),
      1,
      handlerOf({ ...alice, realm: 'b' }),
    ],
  ];
  it.each(rows)('comes when %s', async (_, guarding, times, handler = handlerOf(alice)) => {
    const { sent, response } = await exchange(handler, [guarding()]);
    expect(response.status).toBe(401);
    expect(sent).toHaveLength(times);
  });

  it('is each request on its own', async () => {
    const handler = handlerOf(wrong);
    for (let i = 0; i < 3; i += 1) {
      expect((await exchange(handler, [server(realm('a'))])).sent).toHaveLength(2);
    }
  });

  it.each([['ACK'], ['CANCEL']])('is before the start for %s', async (method) => {
    const request = requestOf(method);
    const { sent } = await exchange(handlerOf(alice), [server(realm('a'))], { request });
    expect(sent).toHaveLength(1);
  });

  it('is before the start for a request that came in', async () => {
    const { sent } = await exchange(handlerOf(alice), [server(realm('a'))], { direction: 'in' });
    expect(sent).toHaveLength(1);
  });

  it('takes few realms of a response that names many', async () => {
    const many = Array.from({ length: 100 }, (_, n) => `Digest realm="${n}", nonce="n"`);
    const asking: Guard = async ({ headers }) =>
      headers.has('Authorization') ? undefined : responseOf(401, { 'WWW-Authenticate': many });
    const { sent } = await exchange(handlerOf(alice), [asking]);
    expect(sent[1]?.headers.rawAll('Authorization')).toHaveLength(8);
  });
});

describe('the credentials', () => {
  it('of the request go before those of the handler', async () => {
    const guarding = (): Guard[] => [server(realm('a'))];
    expect((await exchange(handlerOf(wrong), guarding(), { auth: alice })).response.ok).toBe(true);
    expect((await exchange(handlerOf(alice), guarding(), { auth: wrong })).response.ok).toBe(false);
    expect((await exchange(handlerOf(), guarding(), { auth: alice })).response.ok).toBe(true);
  });

  it('of a second handler are tried when those of the first do not fit', async () => {
    const handlers = [handlerOf({ ...wrong, realm: 'b' }), handlerOf(alice)];
    expect((await exchange(handlers, [server(realm('a'))])).response.ok).toBe(true);
  });

  it('are refused at once when they cannot be written', () => {
    expect(() => handlerOf({ username: 'a\r\nb', password: 'x' })).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE_HEADER' }),
    );
  });
});
