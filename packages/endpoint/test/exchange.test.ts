import type { SIPXError } from '@sipx/contracts';
import type { Exchange } from '@sipx/endpoint';
import { type EventHandler, HandlerChain } from '@sipx/handlers';
import type { Response } from '@sipx/message';
import { describe, expect, test } from 'vitest';
import { peerResponse } from '../../../test/support/peer-messages.ts';
import { type RawPeer } from '../../../test/support/raw-peer.ts';
import { Stage } from '../../../test/support/stage.ts';
import { ownRequest } from './own-request.ts';

interface Heard {
  readonly provisional: Response[];
  readonly final: Response[];
  readonly further: Response[];
  readonly failed: SIPXError[];
  readonly exchange: Exchange;
}

const ask = (
  stage: Stage,
  method: string,
  handlers: EventHandler[] = [],
  signal?: AbortSignal,
): Heard => {
  const heard = { provisional: [], final: [], further: [], failed: [] } as Omit<Heard, 'exchange'>;
  let sequence = 1;
  const exchange = stage.endpoint.exchange(
    ownRequest(method),
    {
      chain: new HandlerChain(handlers),
      cseq: () => ++sequence,
      ...(signal && { signal }),
    },
    {
      provisional: (response) => heard.provisional.push(response),
      final: (response) => heard.final.push(response),
      further: (response) => heard.further.push(response),
      failed: (error) => heard.failed.push(error),
    },
  );
  return { ...heard, exchange };
};

const reply = (peer: RawPeer, status: number, changes?: Record<string, string>): Promise<void> => {
  const request = peer.requests.at(-1);
  if (!request) throw new Error('the peer has got no request');
  return peer.send(peerResponse(request, status, changes));
};

const onStatus = (status: number, after = 0): EventHandler => ({
  onResponse: (response, context) =>
    response.status === status
      ? context.retry((request) => request.with({}).addHeader('X-Again', 'yes'), { after })
      : undefined,
});

describe('one attempt', () => {
  test('tells every provisional response and the final one, which carries the story', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'INVITE');
    await stage.settle();
    await reply(peer, 180);
    await reply(peer, 486);
    expect(heard.provisional.map(({ status }) => status)).toEqual([180]);
    const [final] = heard.final;
    expect(final?.status).toBe(486);
    expect(final?.history.map(({ status }) => status)).toEqual([180]);
    expect(final?.request?.via.branch).toBe(peer.requests[0]?.via.branch);
    expect(peer.requests.map(({ method }) => method)).toEqual(['INVITE', 'ACK']);
  });

  test('without an answer ends in SIPX_TRANSACTION_TIMEOUT after 64·T1', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'OPTIONS');
    await stage.clock.runFor(31_999);
    expect(heard.failed).toEqual([]);
    await stage.clock.runFor(1);
    expect(heard.failed.map(({ code }) => code)).toEqual(['SIPX_TRANSACTION_TIMEOUT']);
    expect(peer.requests.length).toBe(11);
  });

  test('to nowhere fails with a coded error', async () => {
    const stage = new Stage({
      resolver: { addresses: () => Promise.resolve([]) },
    });
    await stage.peer();
    const request = ownRequest().with({ uri: 'sip:nobody.example' });
    const chain = new HandlerChain();
    const sent = stage.endpoint.request(request, { chain, cseq: () => 2 });
    await expect(stage.clock.runUntil(sent)).rejects.toMatchObject({ code: 'SIPX_RESOLVE' });
  });
});

describe('a retry', () => {
  test('is a new transaction with the next CSeq, the same Call-ID and From tag', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'OPTIONS', [onStatus(401)]);
    await stage.settle();
    await reply(peer, 401);
    const [first, second] = peer.requests;
    expect(second?.headers.raw('X-Again')).toBe('yes');
    expect(second?.cseq.sequence).toBe(2);
    expect(second?.via.branch).not.toBe(first?.via.branch);
    expect(second?.callId).toBe(first?.callId);
    expect(second?.from.tag).toBe(first?.from.tag);
    await reply(peer, 200);
    expect(heard.final[0]?.history.map(({ status }) => status)).toEqual([401]);
  });

  test('waits as long as it was told to', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    ask(stage, 'OPTIONS', [onStatus(503, 2000)]);
    await stage.settle();
    await reply(peer, 503);
    await stage.clock.runFor(1999);
    expect(peer.requests).toHaveLength(1);
    await stage.clock.runFor(1);
    expect(peer.requests).toHaveLength(2);
  });

  test('ends in SIPX_LIMIT_ATTEMPTS where handlers ask for ever', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'OPTIONS', [onStatus(500)]);
    await stage.settle();
    for (let attempt = 0; attempt < 8; attempt += 1) await reply(peer, 500);
    expect(heard.failed.map(({ code }) => code)).toEqual(['SIPX_LIMIT_ATTEMPTS']);
    expect(peer.requests).toHaveLength(8);
  });

  test('may follow an error', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const again: EventHandler = {
      onError: (error, context) =>
        error.code === 'SIPX_TRANSACTION_TIMEOUT' && context.attempt === 1
          ? context.retry((request) => request)
          : undefined,
    };
    const heard = ask(stage, 'OPTIONS', [again]);
    await stage.clock.runFor(32_000);
    expect(peer.requests.at(-1)?.cseq.sequence).toBe(2);
    await reply(peer, 200);
    expect(heard.final.map(({ status }) => status)).toEqual([200]);
  });

  test('a handler that throws fails its request with a code', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'OPTIONS', [
      {
        onResponse() {
          throw new Error('boom');
        },
      },
    ]);
    await stage.settle();
    await reply(peer, 200);
    await stage.settle();
    expect(heard.failed.map(({ code }) => code)).toEqual(['SIPX_HANDLER_FAILED']);
    expect(heard.final).toEqual([]);
  });
});

describe('2xx to an INVITE', () => {
  test('repeated, and from another branch of a fork, comes as further', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'INVITE');
    await stage.settle();
    await reply(peer, 200);
    await reply(peer, 200);
    await reply(peer, 200, { To: '<sip:peer@example.com>;tag=fork' });
    expect(heard.final.map(({ to }) => to.tag)).toEqual(['theirs']);
    expect(heard.further.map(({ to }) => to.tag)).toEqual(['theirs', 'fork']);
  });
});

describe('giving up', () => {
  test('an INVITE waits for a provisional response before its CANCEL (RFC 3261 9.1)', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'INVITE');
    await stage.settle();
    heard.exchange.cancel();
    await stage.settle();
    expect(peer.requests.map(({ method }) => method)).toEqual(['INVITE']);
    await reply(peer, 180);
    const [invite, cancel] = peer.requests;
    expect(cancel?.method).toBe('CANCEL');
    expect(cancel?.via.branch).toBe(invite?.via.branch);
    expect(cancel?.cseq.sequence).toBe(invite?.cseq.sequence);
    await peer.send(peerResponse(invite ?? ownRequest(), 487));
    expect(heard.final.map(({ status }) => status)).toEqual([487]);
  });

  test('ends in SIPX_CALL_CANCELLED when no final response follows, and leaves nothing', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'INVITE');
    await stage.settle();
    await reply(peer, 180);
    heard.exchange.cancel();
    await stage.settle();
    await peer.send(peerResponse(peer.requests.at(-1) ?? ownRequest(), 200));
    await stage.clock.runFor(32_000);
    expect(heard.failed.map(({ code }) => code)).toEqual(['SIPX_CALL_CANCELLED']);
    await stage.clock.runFor(5_000);
    expect(stage.endpoint.stateManager.gauges.transactions).toBe(0);
    expect(stage.clock.pending).toBe(0);
  });

  test('twice sends one CANCEL, however late the second comes', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const heard = ask(stage, 'INVITE');
    await stage.settle();
    await reply(peer, 180);
    heard.exchange.cancel();
    await stage.settle();
    heard.exchange.cancel();
    await peer.send(peerResponse(peer.requests.at(-1) ?? ownRequest(), 200));
    await stage.clock.runFor(10_000);
    heard.exchange.cancel();
    await stage.settle();
    expect(peer.requests.map(({ method }) => method)).toEqual(['INVITE', 'CANCEL']);
    await peer.send(peerResponse(peer.requests[0] ?? ownRequest(), 487));
    expect(heard.final.map(({ status }) => status)).toEqual([487]);
    await stage.clock.runFor(40_000);
    expect(stage.clock.pending).toBe(0);
  });

  test('anything else ends at once with SIPX_ABORTED, by its signal', async () => {
    const stage = new Stage();
    await stage.peer();
    const abort = new AbortController();
    const heard = ask(stage, 'OPTIONS', [], abort.signal);
    await stage.settle();
    abort.abort();
    expect(heard.failed.map(({ code }) => code)).toEqual(['SIPX_ABORTED']);
    const early = ask(stage, 'OPTIONS', [], abort.signal);
    await stage.settle();
    expect(early.failed.map(({ code }) => code)).toEqual(['SIPX_ABORTED']);
  });

  test('close() ends what waits with SIPX_CLOSED and frees every socket', async () => {
    const stage = new Stage();
    const peer = await stage.peer();
    const before = stage.network.open;
    const heard = ask(stage, 'INVITE');
    await stage.settle();
    await reply(peer, 180);
    await stage.clock.runUntil(stage.endpoint.close());
    expect(heard.failed.map(({ code }) => code)).toEqual(['SIPX_CLOSED']);
    expect(stage.network.open).toBe(before - 2);
    expect(stage.clock.pending).toBe(0);
    expect(() => ask(stage, 'OPTIONS')).toThrowError(
      expect.objectContaining({ code: 'SIPX_CLOSED' }),
    );
  });
});
