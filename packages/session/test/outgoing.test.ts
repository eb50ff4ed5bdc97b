import { type Call, CallRejectedError } from '@sipx/session';
import { describe, expect, test } from 'vitest';
import { peerRequest, peerResponse } from '../../../test/support/peer-messages.ts';
import { AgentStage, ANSWER, FakeMedia } from './agent-stage.ts';

describe('an answered call', () => {
  test('is acknowledged to the route set and Contact of the 2xx, with the INVITE’s CSeq', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(
      200,
      { 'Record-Route': '<sip:192.0.2.2:5060;lr;p=2>, <sip:192.0.2.2;lr;p=1>' },
      ANSWER,
    );
    const [invite, ack] = stage.peerSide.requests;
    expect(ack?.method).toBe('ACK');
    expect(String(ack?.uri)).toBe('sip:peer@192.0.2.2:5060');
    expect(ack?.headers.getAll('Route').map(({ uri }) => String(uri))).toEqual([
      'sip:192.0.2.2;lr;p=1',
      'sip:192.0.2.2:5060;lr;p=2',
    ]);
    expect(ack?.cseq.sequence).toBe(invite?.cseq.sequence);
    expect(ack?.via.branch).not.toBe(invite?.via.branch);
    expect(call.state).toBe('confirmed');
    await expect(call.answered()).resolves.toBe(call);
  });

  test('sends to a strict router that is the nearest, a loose one behind it or not (RFC 3261 8.1.2)', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(
      200,
      {
        'Record-Route': '<sip:198.51.100.1;lr>, <sip:192.0.2.2;p=1>',
        Contact: '<sip:far.example>',
      },
      ANSWER,
    );
    void call.bye();
    await stage.settle();
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'BYE']);
    for (const request of stage.peerSide.requests.slice(1)) {
      expect(String(request.uri)).toBe('sip:192.0.2.2;p=1');
      expect(request.headers.rawAll('Route')).toEqual([
        '<sip:198.51.100.1;lr>',
        '<sip:far.example>',
      ]);
    }
  });

  test('acknowledges each repeated 2xx with the same bytes', async () => {
    const stage = await AgentStage.open();
    await stage.call();
    await stage.reply(200, {}, ANSWER);
    await stage.reply(200, {}, ANSWER);
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'ACK']);
    expect(stage.peerSide.raw[2]).toBe(stage.peerSide.raw[1]);
  });

  test('hangs up the other branches of a fork', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(200, {}, ANSWER);
    await stage.reply(200, { To: '<sip:peer@192.0.2.2>;tag=fork' }, ANSWER);
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'ACK', 'BYE']);
    expect(stage.peerSide.requests.map(({ to }) => to.tag)).toEqual([
      undefined,
      'theirs',
      'fork',
      'fork',
    ]);
    expect(call.state).toBe('confirmed');
  });

  test('goes on when a surplus branch of its fork hangs up, too', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(200, {}, ANSWER);
    await stage.reply(200, { To: '<sip:peer@192.0.2.2>;tag=fork' }, ANSWER);
    await stage.peerSide.send(peerBye(stage, 'fork'));
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'ACK', 'BYE', '200 BYE']);
    expect(call.state).toBe('confirmed');
    await stage.peerSide.send(peerBye(stage, 'theirs'));
    expect(stage.heard.at(-1)).toBe('200 BYE');
    expect(call.end).toEqual({ by: 'remote', reason: 'bye' });
    expect(stage.endpoint.stateManager.gauges.dialogs).toBe(0);
  });

  test('does not mind a further branch that cannot be reached', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(200, {}, ANSWER);
    await stage.reply(200, { To: '<sip:peer@192.0.2.2>;tag=fork', Contact: '<sip:peer@' }, ANSWER);
    expect(call.state).toBe('confirmed');
  });

  test('whose called side has hung up by then is acknowledged and over', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(180);
    await stage.peerSide.send(peerBye(stage, 'theirs'));
    await stage.reply(200, {}, ANSWER);
    expect(stage.heard).toEqual(['INVITE', '200 BYE', 'ACK', 'BYE']);
    expect(call.end).toMatchObject({ code: 'SIPX_CALL_ENDED' });
  });

  test('acknowledges a repeated 2xx while its media session takes the answer', async () => {
    const stage = await AgentStage.open();
    const media = new FakeMedia();
    media.slow = { clock: stage.clock, ms: 1000 };
    const call = await stage.call({ media });
    await stage.reply(200, {}, ANSWER);
    await stage.reply(200, {}, ANSWER);
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'ACK']);
    expect(call.state).toBe('answered');
    await stage.clock.runFor(1000);
    expect(call.state).toBe('confirmed');
  });

  test('gives the answer to its media session, which closes with the call', async () => {
    const stage = await AgentStage.open();
    const media = new FakeMedia();
    const call = await stage.call({ media });
    await stage.reply(200, {}, ANSWER);
    expect(media.told).toEqual([`answer ${ANSWER}`]);
    const bye = call.bye();
    await stage.settle();
    const request = stage.peerSide.requests.at(-1);
    expect(request?.method).toBe('BYE');
    expect(request?.cseq.sequence).toBe(2);
    if (request) await stage.peerSide.send(peerResponse(request, 200));
    await bye;
    expect(call.end).toEqual({ by: 'local', reason: 'bye' });
    expect(media.told).toEqual([`answer ${ANSWER}`, 'close']);
    expect(stage.agent.calls.size).toBe(0);
    expect(stage.endpoint.stateManager.gauges.dialogs).toBe(0);
  });

  const unusable = [
    { name: 'no answer in the 2xx', refuses: false, body: '', code: 'SIPX_MEDIA' },
    {
      name: 'an answer that is refused',
      refuses: true,
      body: ANSWER,
      code: 'SIPX_MEDIA_INCOMPATIBLE',
    },
  ];
  test.each(unusable)('with $name is acknowledged and hung up', async ({ refuses, body, code }) => {
    const stage = await AgentStage.open();
    const media = new FakeMedia();
    media.refuses = refuses;
    const call = await stage.call({ media });
    await stage.reply(200, {}, body);
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'BYE']);
    await expect(call.answered()).rejects.toMatchObject({ code });
    await stage.reply(200, {}, body);
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'BYE', 'ACK']);
  });
});

/** The called side hangs up in the dialog of this tag. */
const peerBye = (stage: AgentStage, tag: string): string => {
  const invite = stage.peerSide.requests[0];
  return peerRequest('BYE', {
    Via: `SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKbye${tag}`,
    From: `<sip:peer@192.0.2.2>;tag=${tag}`,
    To: invite?.headers.raw('From'),
    'Call-ID': invite?.callId,
  });
};

describe('provisional responses', () => {
  test('tell ringing and early media, and make a dialog for each To tag', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    const told: string[] = [];
    call.on('ringing', ({ status }) => told.push(`ringing ${status}`));
    call.on('earlyMedia', ({ status }) => told.push(`early media ${status}`));
    await stage.reply(100);
    await stage.reply(180);
    await stage.reply(183, { To: '<sip:peer@192.0.2.2>;tag=second' }, ANSWER);
    expect(told).toEqual(['ringing 180', 'early media 183']);
    const tags = [...stage.endpoint.stateManager.dialogs()].map(({ id }) => id.remoteTag);
    expect(tags.sort()).toEqual(['second', 'theirs']);
  });

  const forked = async (): Promise<{ stage: AgentStage; call: Call; dialogs: () => string[] }> => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(180);
    await stage.reply(180, { To: '<sip:peer@192.0.2.2>;tag=second' });
    await stage.reply(180, { To: '<sip:peer@192.0.2.2>;tag=third' });
    await stage.reply(200, {}, ANSWER);
    const dialogs = (): string[] =>
      [...stage.endpoint.stateManager.dialogs()]
        .map(({ id, state }) => `${id.remoteTag} ${state}`)
        .sort();
    return { stage, call, dialogs };
  };

  test('of a fork: what has no 2xx 64·T1 after the first one ends (RFC 3261 13.2.2.4)', async () => {
    const { stage, call, dialogs } = await forked();
    expect(dialogs()).toEqual(['second early', 'theirs confirmed', 'third early']);
    await stage.clock.runFor(20_000);
    await stage.reply(200, { To: '<sip:peer@192.0.2.2>;tag=third' }, ANSWER);
    expect(stage.heard).toEqual(['INVITE', 'ACK', 'ACK', 'BYE']);
    const bye = stage.peerSide.requests.at(-1);
    if (bye) await stage.peerSide.send(peerResponse(bye, 200));
    await stage.clock.runFor(11_999);
    expect(dialogs()).toEqual(['second early', 'theirs confirmed']);
    await stage.clock.runFor(1);
    expect(dialogs()).toEqual(['theirs confirmed']);
    expect(call.state).toBe('confirmed');
  });

  test('of a fork end with the call, and nothing waits for them', async () => {
    const { stage, call, dialogs } = await forked();
    const bye = call.bye();
    await stage.settle();
    const request = stage.peerSide.requests.at(-1);
    if (request) await stage.peerSide.send(peerResponse(request, 200));
    await bye;
    expect(dialogs()).toEqual([]);
    // Timer M of the INVITE, K of the BYE.
    expect(stage.clock.pending).toBe(2);
    await stage.clock.runFor(32_000);
    expect(stage.clock.pending).toBe(0);
  });
});

describe('a call that does not come about', () => {
  test('refused: rejects with the response', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(486);
    const error = await call.answered().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CallRejectedError);
    expect(error).toMatchObject({ code: 'SIPX_CALL_REJECTED', response: { status: 486 } });
    expect(call.end).toEqual({
      by: 'remote',
      status: 486,
      reason: 'Said',
      code: 'SIPX_CALL_REJECTED',
    });
  });

  test('cancelled while it rings', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(180);
    call.cancel();
    await stage.settle();
    expect(stage.heard).toEqual(['INVITE', 'CANCEL']);
    await stage.reply(487);
    expect(call.end).toMatchObject({ by: 'local', code: 'SIPX_CALL_CANCELLED' });
    expect(stage.endpoint.stateManager.gauges.dialogs).toBe(0);
  });

  test('cancelled, but the 2xx crossed: acknowledged and hung up (RFC 3261 9.1, 15)', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(180);
    call.cancel();
    await stage.reply(200, {}, ANSWER);
    expect(stage.heard).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE']);
    expect(call.end).toMatchObject({ by: 'local', code: 'SIPX_CALL_CANCELLED' });
    await expect(call.answered()).rejects.toMatchObject({ code: 'SIPX_CALL_CANCELLED' });
  });

  test('cancelled, and two 2xx of a fork crossed while handlers held the ACK', async () => {
    const stage = await AgentStage.open();
    stage.chain.addHandler({
      onRequest: ({ method }) =>
        method === 'ACK'
          ? new Promise((resolve) => void stage.clock.start(100, resolve))
          : undefined,
    });
    const call = await stage.call();
    await stage.reply(180);
    call.cancel();
    await stage.reply(200, {}, ANSWER);
    await stage.reply(200, { To: '<sip:peer@192.0.2.2>;tag=fork' }, ANSWER);
    await stage.clock.runFor(100);
    expect(stage.heard.sort()).toEqual(['ACK', 'ACK', 'BYE', 'BYE', 'CANCEL', 'INVITE']);
    expect(call.end).toMatchObject({ by: 'local', code: 'SIPX_CALL_CANCELLED' });
  });

  test('its BYE may be challenged when the call is over', async () => {
    const stage = await AgentStage.open();
    stage.chain.addHandler({
      onResponse: (response, context) =>
        response.status === 401 ? context.retry((request) => request) : undefined,
    });
    const call = await stage.call();
    await stage.reply(180);
    call.cancel();
    await stage.reply(200, {}, ANSWER);
    const bye = stage.peerSide.requests.at(-1);
    if (bye) await stage.peerSide.send(peerResponse(bye, 401));
    expect(stage.heard).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE', 'BYE']);
    expect(stage.peerSide.requests.at(-1)?.cseq.sequence).toBe(3);
  });

  test('rings for longer than the bound: cancelled, SIPX_CALL_TIMEOUT', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(180);
    await stage.clock.runFor(60_000);
    expect(stage.heard).toEqual(['INVITE', 'CANCEL']);
    await stage.reply(487);
    await expect(call.answered()).rejects.toMatchObject({ code: 'SIPX_CALL_TIMEOUT' });
  });

  test('rings for three minutes when nothing else is said', async () => {
    const stage = await AgentStage.open({ ringTimeout: 'default' });
    await stage.call();
    await stage.reply(180);
    await stage.clock.runFor(179_999);
    expect(stage.heard).toEqual(['INVITE']);
    await stage.clock.runFor(1);
    expect(stage.heard).toEqual(['INVITE', 'CANCEL']);
  });

  test('cancelled before anything came in: the CANCEL waits for that (RFC 3261 9.1)', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    call.cancel();
    await stage.clock.runFor(400);
    expect(stage.heard).toEqual(['INVITE']);
    await stage.reply(100);
    expect(stage.heard).toEqual(['INVITE', 'CANCEL']);
    await stage.reply(487);
    expect(call.end).toMatchObject({ by: 'local', code: 'SIPX_CALL_CANCELLED' });
  });

  test('cancelled, and no 487 follows: over after 64·T1, and nothing is left', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(180);
    call.cancel();
    await stage.clock.runFor(31_999);
    expect(call.end).toBeUndefined();
    await stage.clock.runFor(1);
    expect(call.end).toMatchObject({ by: 'local', code: 'SIPX_CALL_CANCELLED' });
    await stage.clock.runFor(40_000);
    expect(stage.endpoint.stateManager.gauges).toMatchObject({ transactions: 0, dialogs: 0 });
    expect(stage.clock.pending).toBe(0);
  });

  test('nobody there: the transaction’s timeout', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.clock.runFor(32_000);
    expect(call.end).toMatchObject({ by: 'local', code: 'SIPX_TRANSACTION_TIMEOUT' });
    await stage.clock.runFor(60_000);
    expect(stage.clock.pending).toBe(0);
  });
});

describe('a BYE that nobody answers', () => {
  test('ends the call all the same', async () => {
    const stage = await AgentStage.open();
    const call = await stage.call();
    await stage.reply(200, {}, ANSWER);
    const bye = call.bye();
    await stage.clock.runFor(32_000);
    await bye;
    expect(call.end).toEqual({ by: 'local', reason: 'bye' });
    await stage.clock.runFor(60_000);
    expect(stage.endpoint.stateManager.gauges).toMatchObject({ transactions: 0, dialogs: 0 });
    expect(stage.clock.pending).toBe(0);
  });
});

test('a malformed response never reaches beyond its own call', async () => {
  const stage = await AgentStage.open();
  const call = await stage.call();
  await stage.reply(180, { Contact: '<sip:peer@' });
  expect(call.state).toBe('calling');
  await stage.reply(200, { Contact: '<sip:peer@' }, ANSWER);
  await expect(call.answered()).rejects.toMatchObject({ code: 'SIPX_PARSE_HEADER' });
});
