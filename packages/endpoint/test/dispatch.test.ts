import { responseTo } from '@sipx/message';
import { describe, expect, test } from 'vitest';
import { HERE } from '../../../test/support/hosts.ts';
import { peerRequest } from '../../../test/support/peer-messages.ts';
import { Stage } from '../../../test/support/stage.ts';
import { owner } from './test-owner.ts';

describe('a request finds its owner', () => {
  test('the one that claims it before the one that takes the rest', async () => {
    const stage = new Stage();
    const rest = owner((incoming) => incoming.respond(403));
    const claims = owner((incoming) => incoming.respond(200), {
      takesRest: false,
      claims: ({ uri }) => String(uri).includes('mine'),
    });
    stage.endpoint.attach(rest);
    stage.endpoint.attach(claims);
    const peer = await stage.peer();
    await peer.send(peerRequest('OPTIONS', {}, `sip:mine@${HERE}`));
    await peer.send(
      peerRequest('OPTIONS', {
        Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKother',
        'Call-ID': 'call-2',
      }),
    );
    expect(peer.statuses).toEqual([200, 403]);
  });

  test('a sole owner that takes no rest gets everything; two of them nothing but their own', async () => {
    const stage = new Stage();
    const client = (): ReturnType<typeof owner> =>
      owner((incoming) => incoming.respond(200), { takesRest: false });
    const detach = stage.endpoint.attach(client());
    const peer = await stage.peer();
    await peer.send(peerRequest('OPTIONS'));
    stage.endpoint.attach(client());
    const again = { Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKb', 'Call-ID': 'call-2' };
    await peer.send(peerRequest('OPTIONS', again));
    detach();
    await peer.send(
      peerRequest('OPTIONS', { ...again, Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKc' }),
    );
    expect(peer.statuses).toEqual([200, 404, 200]);
  });
});

describe('the guard keeps no state', () => {
  const guarded = (): Stage => {
    const stage = new Stage();
    stage.endpoint.attach(
      owner(() => {}, {
        guard: (request) =>
          request.headers.has('Authorization') ? undefined : responseTo(request, 401),
      }),
    );
    return stage;
  };

  test('the same To tag for each retransmission, and the ACK is absorbed', async () => {
    const stage = guarded();
    const peer = await stage.peer();
    await peer.send(peerRequest('INVITE'));
    await peer.send(peerRequest('INVITE'));
    expect(peer.statuses).toEqual([401, 401]);
    expect(peer.raw[0]).toBe(peer.raw[1]);
    expect(stage.endpoint.stateManager.gauges.transactions).toBe(0);
    const to = peer.responses[0]?.headers.raw('To');
    await peer.send(peerRequest('ACK', { To: to }));
    expect(stage.endpoint.drops.strayAck).toBe(0);
  });

  test('an ACK with another tag is not absorbed', async () => {
    const stage = new Stage();
    const acked = owner(() => {}, { guard: (request) => responseTo(request, 401) });
    stage.endpoint.attach(acked);
    const peer = await stage.peer();
    await peer.send(peerRequest('INVITE'));
    await peer.send(peerRequest('ACK', { To: '<sip:here@example.com>;tag=guessed' }));
    expect(acked.acks).toHaveLength(1);
  });
});

describe('a transaction', () => {
  test('answers a retransmission with the same bytes and asks its owner once', async () => {
    const stage = new Stage();
    const server = owner((incoming) => incoming.respond(200));
    stage.endpoint.attach(server);
    const peer = await stage.peer();
    await peer.send(peerRequest('OPTIONS'));
    await peer.send(peerRequest('OPTIONS'));
    expect(server.received).toHaveLength(1);
    expect(peer.raw).toHaveLength(2);
    expect(peer.raw[0]).toBe(peer.raw[1]);
  });

  test('tells its owner that the same request came by another way (RFC 3261 8.2.2.2)', async () => {
    const stage = new Stage();
    const server = owner(() => {});
    stage.endpoint.attach(server);
    const peer = await stage.peer();
    await peer.send(peerRequest('OPTIONS'));
    await peer.send(peerRequest('OPTIONS', { Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKway2' }));
    expect(server.received.map(({ merged }) => merged)).toEqual([false, true]);
  });

  test('is not merged with one that came to another owner on the same endpoint', async () => {
    const stage = new Stage();
    const proxy = owner(() => {});
    const client = owner(() => {}, { claims: ({ uri }) => String(uri).includes('bob') });
    stage.endpoint.attach(proxy);
    stage.endpoint.attach(client);
    const peer = await stage.peer();
    const spiral = { Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKway2' };
    await peer.send(peerRequest('INVITE'));
    await peer.send(peerRequest('INVITE', spiral, 'sip:bob@192.0.2.1'));
    expect(client.received.map(({ merged }) => merged)).toEqual([false]);
  });

  test('an INVITE without an answer gets its 100 after 200 ms, with one it gets none', async () => {
    const stage = new Stage();
    const slow = owner(() => {});
    stage.endpoint.attach(slow);
    const peer = await stage.peer();
    await peer.send(peerRequest('INVITE'));
    await stage.clock.runFor(199);
    expect(peer.statuses).toEqual([]);
    await stage.clock.runFor(1);
    expect(peer.statuses).toEqual([100]);
    expect(peer.responses[0]?.to.tag).toBeUndefined();
    await slow.received[0]?.respond(180);
    await stage.clock.runFor(1000);
    expect(peer.statuses).toEqual([100, 180]);
  });

  test('more than the limit is refused with 503 and Retry-After, and counted', async () => {
    const stage = new Stage({ limits: { transactions: 1 } });
    stage.endpoint.attach(owner(() => {}));
    const peer = await stage.peer();
    await peer.send(peerRequest('OPTIONS'));
    await peer.send(
      peerRequest('OPTIONS', {
        Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKmore',
        'Call-ID': 'call-2',
      }),
    );
    expect(peer.statuses).toEqual([503]);
    expect(peer.responses[0]?.headers.raw('Retry-After')).toBe('5');
    expect(stage.endpoint.drops.overload).toBe(1);
  });

  test('a second final response is refused to its owner; a response for nobody is counted', async () => {
    const stage = new Stage();
    const server = owner((incoming) => incoming.respond(404));
    stage.endpoint.attach(server);
    const peer = await stage.peer();
    await peer.send(peerRequest('OPTIONS'));
    expect(() => server.received[0]?.respond(200)).toThrowError(
      expect.objectContaining({ code: 'SIPX_USAGE_STATE' }),
    );
    await peer.send(
      'SIP/2.0 200 OK\r\n' + peerRequest('OPTIONS').split('\r\n').slice(1).join('\r\n'),
    );
    expect(stage.endpoint.drops.strayResponse).toBe(1);
  });
});

describe('CANCEL (RFC 3261 9.2)', () => {
  test('is answered 200 with the INVITE’s To tag and aborts its signal', async () => {
    const stage = new Stage();
    const server = owner((incoming) => {
      incoming.signal.addEventListener('abort', () => void incoming.respond(487));
      return incoming.respond(180);
    });
    stage.endpoint.attach(server);
    const peer = await stage.peer();
    await peer.send(peerRequest('INVITE'));
    await peer.send(peerRequest('CANCEL'));
    expect(peer.responses.map(({ status, cseq }) => `${status} ${cseq.method}`)).toEqual([
      '180 INVITE',
      '200 CANCEL',
      '487 INVITE',
    ]);
    expect(new Set(peer.responses.map(({ to }) => to.tag)).size).toBe(1);
  });

  test('comes too late for an answered INVITE: 200 and nothing else', async () => {
    const stage = new Stage();
    const server = owner((incoming) => incoming.respond(200));
    stage.endpoint.attach(server);
    const peer = await stage.peer();
    await peer.send(peerRequest('INVITE'));
    await peer.send(peerRequest('CANCEL'));
    expect(peer.statuses).toEqual([200, 200]);
    expect(server.received[0]?.signal.aborted).toBe(false);
  });

  test('for no INVITE of ours: 481', async () => {
    const stage = new Stage();
    stage.endpoint.attach(owner(() => {}));
    const peer = await stage.peer();
    await peer.send(peerRequest('CANCEL'));
    expect(peer.statuses).toEqual([481]);
  });
});

describe('an ACK', () => {
  test('for a refusal ends the retransmissions; for a 2xx it goes to the owner', async () => {
    const stage = new Stage();
    let status = 486;
    const server = owner((incoming) => incoming.respond(status));
    stage.endpoint.attach(server);
    const peer = await stage.peer();
    await peer.send(peerRequest('INVITE'));
    await stage.clock.runFor(500);
    expect(peer.statuses).toEqual([486, 486]);
    const to = peer.responses[0]?.headers.raw('To');
    await peer.send(peerRequest('ACK', { To: to }));
    await stage.clock.runFor(32_000);
    expect(peer.statuses).toEqual([486, 486]);
    expect(server.acks).toHaveLength(0);

    status = 200;
    const second = { 'Call-ID': 'call-2', Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKsecond' };
    await peer.send(peerRequest('INVITE', second));
    await peer.send(
      peerRequest('ACK', {
        ...second,
        Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKack',
        To: '<sip:here@example.com>;tag=x',
      }),
    );
    expect(server.acks).toHaveLength(1);
  });
});
