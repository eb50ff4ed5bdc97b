import { DigestVerifier } from '@sipx/auth';
import { Client, type ClientOptions, RegisterRejectedError } from '@sipx/client';
import type { Request } from '@sipx/message';
import { SeededIds } from '@sipx/testing';
import { describe, expect, test } from 'vitest';
import { peerRequest, peerResponse } from '../../../test/support/peer-messages.ts';
import type { RawPeer } from '../../../test/support/raw-peer.ts';
import { Stage } from '../../../test/support/stage.ts';

class ClientStage extends Stage {
  readonly client: Client;
  peerSide!: RawPeer;

  constructor(options: Partial<ClientOptions> = {}) {
    super();
    this.client = new Client({
      uri: 'sip:here@192.0.2.2',
      credentials: { username: 'here', password: 'secret' },
      endpoint: this.endpoint,
      ...options,
    });
  }

  static async open(options?: Partial<ClientOptions>): Promise<ClientStage> {
    const stage = new ClientStage(options);
    stage.peerSide = await stage.peer();
    return stage;
  }

  get last(): Request {
    const request = this.peerSide.requests.at(-1);
    if (!request) throw new Error('the peer has got no request');
    return request;
  }

  async reply(status: number, changes: Record<string, string> = {}): Promise<void> {
    await this.settle();
    await this.peerSide.send(peerResponse(this.last, status, changes));
    await this.settle();
  }

  /** Registers at a registrar that asks for nothing and grants `expires` seconds. */
  async registered(expires: number): Promise<void> {
    const registering = this.client.register();
    await this.settle();
    await this.grant(expires);
    await registering;
  }

  grant(expires: number): Promise<void> {
    const contact = this.last.headers.raw('Contact') ?? '';
    return this.reply(200, {
      Contact: `<sip:other@192.0.2.7>;expires=9, ${contact};expires=${expires}`,
    });
  }
}

describe('register', () => {
  test('answers the challenge and resolves with what the registrar granted to this Contact', async () => {
    const stage = await ClientStage.open();
    const verifier = new DigestVerifier({
      realm: 'there',
      clock: stage.clock,
      ids: new SeededIds(2),
      lookup: () => 'secret',
    });
    const registering = stage.client.register({ expires: 500 });
    await stage.reply(401, { 'WWW-Authenticate': verifier.challenge()[0] ?? '' });
    const { headers, cseq, uri, method } = stage.last;
    expect(cseq.sequence).toBe(2);
    expect(headers.get('Expires')).toBe(500);
    const header = headers.raw('Authorization');
    expect(await verifier.verify({ header, method, uri: String(uri) })).toMatchObject({ ok: true });
    await stage.grant(120);
    const registration = await registering;
    expect(registration.expires).toBe(120);
  });

  test('refused: rejects with the response', async () => {
    const stage = await ClientStage.open();
    const registering = stage.client.register().catch((error: unknown) => error);
    await stage.reply(403);
    const error = await registering;
    expect(error).toBeInstanceOf(RegisterRejectedError);
    expect(error).toMatchObject({ code: 'SIPX_REGISTER_REJECTED', response: { status: 403 } });
    expect(stage.client.registration).toBeUndefined();
    await stage.clock.runUntil(stage.client.close());
    expect(stage.peerSide.requests).toHaveLength(1);
  });

  test('an abort signal ends the first REGISTER alone', async () => {
    const stage = await ClientStage.open();
    const abort = new AbortController();
    const registering = stage.client.register({ signal: abort.signal });
    await stage.settle();
    await stage.grant(100);
    const registration = await registering;
    abort.abort();
    const refreshing = registration.refresh();
    await stage.settle();
    await stage.grant(70);
    expect((await refreshing).expires).toBe(70);

    const other = await ClientStage.open();
    const gone = other.client.register({ signal: abort.signal });
    await expect(gone).rejects.toMatchObject({ code: 'SIPX_ABORTED' });
  });

  test('refreshes before the time is over, with the same Call-ID and a higher CSeq', async () => {
    const stage = await ClientStage.open();
    await stage.registered(100);
    const first = stage.last;
    const refreshed: number[] = [];
    stage.client.registration?.on('refreshed', (expires) => refreshed.push(expires));
    await stage.clock.runFor(79_000);
    expect(stage.last).toBe(first);
    await stage.clock.runFor(11_100);
    expect(stage.last.callId).toBe(first.callId);
    expect(stage.last.cseq.sequence).toBe(2);
    await stage.grant(50);
    expect(refreshed).toEqual([50]);
  });

  test('tells a failed refresh and tries again', async () => {
    const stage = await ClientStage.open();
    await stage.registered(100);
    const failed: string[] = [];
    stage.client.registration?.on('failed', ({ code }) => failed.push(code));
    await stage.clock.runFor(91_000);
    await stage.reply(500);
    expect(failed).toEqual(['SIPX_REGISTER_REJECTED']);
    await stage.clock.runFor(21_000);
    expect(stage.last.cseq.sequence).toBe(3);
    await stage.grant(100);
    expect(stage.client.registration?.expires).toBe(100);
  });

  test('unregister takes the binding back and stops the refreshes', async () => {
    const stage = await ClientStage.open();
    await stage.registered(100);
    const gone = stage.client.unregister();
    await stage.settle();
    expect(stage.last.headers.get('Expires')).toBe(0);
    await stage.reply(200);
    expect((await gone)?.status).toBe(200);
    const { length } = stage.peerSide.requests;
    await stage.clock.runFor(200_000);
    expect(stage.peerSide.requests).toHaveLength(length);
    expect(stage.clock.pending).toBe(0);
  });
});

describe('a call', () => {
  test('goes by the outbound proxy, a loose router, with a Contact of this client', async () => {
    const stage = await ClientStage.open({ outboundProxy: 'sip:192.0.2.2:5060' });
    stage.client.invite('sip:bob@elsewhere.example', { body: 'v=0\r\n' });
    await stage.settle();
    expect(String(stage.last.uri)).toBe('sip:bob@elsewhere.example');
    expect(stage.last.headers.rawAll('Route')).toEqual(['<sip:192.0.2.2:5060;lr>']);
    expect(String(stage.last.contact?.uri)).toMatch(/^sip:here-\w{8}@192\.0\.2\.1:5060$/);
  });

  test('sends its ACK with the credentials of the INVITE (RFC 3261 22.1)', async () => {
    const stage = await ClientStage.open();
    const call = stage.client.invite('sip:bob@192.0.2.2', { body: 'v=0\r\n' });
    await stage.reply(407, { 'Proxy-Authenticate': 'Digest realm="there", nonce="n", qop="auth"' });
    const invite = stage.last;
    await stage.reply(200, {
      Contact: '<sip:bob@192.0.2.2>',
      'Content-Type': 'application/sdp',
    });
    expect(stage.last.method).toBe('ACK');
    expect(stage.last.headers.raw('Proxy-Authorization')).toBe(
      invite.headers.raw('Proxy-Authorization'),
    );
    expect(stage.last.cseq.sequence).toBe(2);
    expect(call.state).toBe('confirmed');
  });

  test('an abort signal cancels it', async () => {
    const stage = await ClientStage.open();
    const abort = new AbortController();
    const call = stage.client.invite('sip:bob@192.0.2.2', {
      body: 'v=0\r\n',
      signal: abort.signal,
    });
    await stage.reply(180);
    abort.abort();
    await stage.settle();
    expect(stage.last.method).toBe('CANCEL');
    expect(call.state).toBe('ringing');
  });
});

describe('incoming', () => {
  const INVITE = peerRequest('INVITE', { Contact: '<sip:peer@192.0.2.2>' });

  test('calls go to the listener, and without one get 480', async () => {
    const stage = await ClientStage.open();
    await stage.peerSide.send(INVITE);
    expect(stage.peerSide.statuses).toEqual([480]);
    const other = await ClientStage.open();
    other.client.on('invite', (call) => void call.reject(486));
    await other.peerSide.send(INVITE);
    await other.settle();
    expect(other.peerSide.statuses).toEqual([486]);
  });

  test('a listener that rejects costs its call a 500 and no more', async () => {
    const stage = await ClientStage.open();
    stage.client.on('invite', () => Promise.reject(new Error('no sound card')));
    await stage.peerSide.send(INVITE);
    await stage.settle();
    expect(stage.peerSide.statuses).toEqual([500]);
    expect(stage.client.calls.size).toBe(0);
  });

  test('the same request by another way is refused as merged: 482', async () => {
    const stage = await ClientStage.open();
    await stage.peerSide.send(peerRequest('OPTIONS'));
    const again = { Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKway2' };
    await stage.peerSide.send(peerRequest('OPTIONS', again));
    expect(stage.peerSide.statuses).toEqual([200, 482]);
  });

  test('OPTIONS is answered, what the client does not do is 405 with Allow', async () => {
    const stage = await ClientStage.open();
    await stage.peerSide.send(peerRequest('OPTIONS'));
    await stage.peerSide.send(
      peerRequest('MESSAGE', {
        Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKm',
        'Call-ID': 'call-2',
      }),
    );
    expect(stage.peerSide.statuses).toEqual([200, 405]);
    expect(stage.peerSide.responses[1]?.headers.raw('Allow')).toContain('INVITE');
  });
});

describe('request', () => {
  test('resolves with whatever final response came', async () => {
    const stage = await ClientStage.open();
    const asked = stage.client.request('OPTIONS', 'sip:bob@192.0.2.2', {
      headers: { Accept: 'a/b' },
    });
    await stage.reply(404);
    expect(stage.last.headers.raw('Accept')).toBe('a/b');
    expect((await asked).status).toBe(404);
  });

  test('refuses what is not its business', async () => {
    const stage = await ClientStage.open();
    const code = 'SIPX_USAGE';
    await expect(stage.client.request('INVITE', 'sip:bob@192.0.2.2')).rejects.toMatchObject({
      code,
    });
    await expect(stage.client.request('OPTIONS', 'tel:+15551234')).rejects.toMatchObject({ code });
    const evil = stage.client.request('OPTIONS', 'sip:bob@192.0.2.2', {
      headers: { Subject: 'a\r\nX-Injected: b' },
    });
    await expect(evil).rejects.toMatchObject({ code: 'SIPX_USAGE_HEADER' });
  });
});

test('close ends calls and registration and leaves a shared endpoint open', async () => {
  const stage = await ClientStage.open();
  await stage.registered(100);
  const call = stage.client.invite('sip:bob@192.0.2.2', { body: 'v=0\r\n' });
  await stage.reply(180);
  const closing = stage.client.close();
  await stage.settle();
  expect(stage.last.method).toBe('CANCEL');
  await stage.clock.runUntil(closing);
  expect(call.state).toBe('ended');
  expect(stage.peerSide.requests.some(({ headers }) => headers.get('Expires') === 0)).toBe(true);
  expect(stage.endpoint.addresses).toHaveLength(2);
});
