import { describe, expect, test } from 'vitest';
import { peerRequest, peerResponse } from '../../../test/support/peer-messages.ts';
import { ackOf, AgentStage, ANSWER, FakeMedia, inDialog, OFFER } from './agent-stage.ts';

describe('an incoming call', () => {
  test('rings, is answered, and is up with the ACK', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    const media = new FakeMedia();
    await call.ring();
    await call.accept({ media });
    await stage.settle();
    expect(stage.heard).toEqual(['180 INVITE', '200 INVITE']);
    const [ringing, answer] = stage.peerSide.responses;
    expect(ringing?.to.tag).toBe(answer?.to.tag);
    expect(String(answer?.contact?.uri)).toBe('sip:here@192.0.2.1:5060');
    expect(new TextDecoder().decode(answer?.content)).toBe(ANSWER);
    expect(media.told).toEqual([`offer ${OFFER}`]);
    expect(call.state).toBe('answered');
    await stage.peerSide.send(ackOf(stage));
    expect(call.state).toBe('confirmed');
    await expect(call.answered()).resolves.toBe(call);
  });

  const both = ['udp', 'tcp'] as const;
  test.each(both)(
    'repeats its 2xx at T1, up to T2, until the ACK (13.3.1.4): %s',
    async (protocol) => {
      const stage = await AgentStage.open({ protocol });
      const call = await stage.called();
      await call.accept({ body: ANSWER });
      await stage.settle();
      const at: number[] = [];
      const count = (): number => stage.peerSide.responses.length;
      for (let ms = 1; ms <= 13_000; ms += 1) {
        const before = count();
        await stage.clock.runFor(1);
        if (count() > before) at.push(ms);
      }
      expect(at).toEqual([500, 1500, 3500, 7500, 11_500]);
      await stage.peerSide.send(ackOf(stage));
      const settled = count();
      await stage.clock.runFor(40_000);
      expect(count()).toBe(settled);
      expect(call.state).toBe('confirmed');
    },
  );

  test.each(both)('that nobody acknowledges is hung up after 64·T1: %s', async (protocol) => {
    const stage = await AgentStage.open({ protocol });
    const call = await stage.called();
    await call.accept({ body: ANSWER });
    await stage.clock.runFor(32_000);
    expect(stage.heard.at(-1)).toBe('BYE');
    expect(call.state).toBe('ended');
    const bye = stage.peerSide.requests.at(-1);
    if (bye) await stage.peerSide.send(peerResponse(bye, 200));
    expect(call.end).toMatchObject({ by: 'local', code: 'SIPX_CALL_TIMEOUT' });
    await expect(call.answered()).rejects.toMatchObject({ code: 'SIPX_CALL_TIMEOUT' });
  });

  test('without an offer gets one in the 2xx, and the ACK answers it', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called('');
    const media = new FakeMedia();
    await call.accept({ media });
    await stage.settle();
    expect(new TextDecoder().decode(stage.peerSide.responses[0]?.content)).toBe(OFFER);
    await stage.peerSide.send(ackOf(stage, ANSWER));
    expect(media.told).toEqual([`answer ${ANSWER}`]);
    expect(call.state).toBe('confirmed');
  });

  test('whose offer cannot be met gets 488, and accept() rejects', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    const media = new FakeMedia();
    media.refuses = true;
    await expect(call.accept({ media })).rejects.toMatchObject({ code: 'SIPX_MEDIA_INCOMPATIBLE' });
    await stage.settle();
    expect(stage.heard).toEqual(['488 INVITE']);
    expect(call.state).toBe('ended');
    expect(stage.agent.calls.size).toBe(0);
  });

  test('can be rejected, once', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    await call.reject(603);
    await stage.settle();
    expect(stage.heard).toEqual(['603 INVITE']);
    expect(call.end).toMatchObject({ by: 'local', status: 603 });
    await expect(call.accept()).rejects.toMatchObject({ code: 'SIPX_USAGE_STATE' });
  });

  test('that is cancelled is answered 487 and ended by the remote side', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    await call.ring();
    await stage.peerSide.send(peerRequest('CANCEL'));
    expect(stage.heard).toEqual(['180 INVITE', '200 CANCEL', '487 INVITE']);
    expect(call.end).toMatchObject({ by: 'remote', code: 'SIPX_CALL_CANCELLED' });
    expect(stage.endpoint.stateManager.gauges.dialogs).toBe(0);
  });

  test('cannot be cancelled once it is accepted, though handlers still hold the answer', async () => {
    const stage = await AgentStage.open();
    stage.chain.addHandler({
      onResponse: ({ ok }) =>
        ok ? new Promise((resolve) => void stage.clock.start(100, resolve)) : undefined,
    });
    const call = await stage.called();
    void call.accept({ body: ANSWER });
    await stage.settle();
    await stage.peerSide.send(peerRequest('CANCEL'));
    await stage.clock.runFor(700);
    // Nor does a BYE go out before the ACK (RFC 3261 15).
    expect(stage.heard).toEqual(['200 CANCEL', '200 INVITE', '200 INVITE']);
    await stage.peerSide.send(ackOf(stage));
    expect(call.state).toBe('confirmed');
  });

  test('whose caller says BYE to the early dialog is answered 487 (RFC 3261 15.1.2)', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    await call.ring();
    await stage.settle();
    await stage.peerSide.send(inDialog(stage, 'BYE'));
    expect(new Set(stage.heard)).toEqual(new Set(['180 INVITE', '200 BYE', '487 INVITE']));
    expect(call.end).toEqual({ by: 'remote', reason: 'bye' });
    await stage.peerSide.send(ackOf(stage));
    await stage.clock.runFor(40_000);
    expect(stage.endpoint.stateManager.gauges).toMatchObject({ transactions: 0, dialogs: 0 });
  });

  test('that nobody answers gets 480 when its time is over', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    await call.ring();
    await stage.clock.runFor(60_000);
    expect(stage.heard).toContain('480 INVITE');
    expect(call.end).toMatchObject({ code: 'SIPX_CALL_TIMEOUT' });
  });

  test('is refused by bye() while its answer is being made', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    const media = new FakeMedia();
    media.slow = { clock: stage.clock, ms: 100 };
    const accepted = call.accept({ media });
    await stage.settle();
    await call.bye();
    await stage.clock.runFor(100);
    await accepted;
    expect(stage.heard).toEqual(['480 INVITE']);
    expect(call.end).toMatchObject({ by: 'local', status: 480 });
    expect(media.told.at(-1)).toBe('close');
    expect(stage.endpoint.stateManager.gauges.dialogs).toBe(0);
  });

  test('whose answer takes longer than it may ring gets 480', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    const media = new FakeMedia();
    media.slow = { clock: stage.clock, ms: 70_000 };
    const accepted = call.accept({ media });
    await stage.clock.runFor(70_000);
    await accepted;
    expect(new Set(stage.heard)).toEqual(new Set(['100 INVITE', '480 INVITE']));
    expect(call.end).toMatchObject({ code: 'SIPX_CALL_TIMEOUT' });
  });

  test('keeps its media session when somebody accepts it twice', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    const media = new FakeMedia();
    await call.accept({ media });
    await expect(call.accept({ media: new FakeMedia() })).rejects.toMatchObject({
      code: 'SIPX_USAGE_STATE',
    });
    expect(call.media).toBe(media);
  });

  test('rings for three minutes when nothing else is said', async () => {
    const stage = await AgentStage.open({ ringTimeout: 'default' });
    const call = await stage.called();
    await call.ring();
    await stage.clock.runFor(179_999);
    expect(call.state).toBe('ringing');
    await stage.clock.runFor(1);
    expect(stage.heard).toContain('480 INVITE');
    expect(call.end).toMatchObject({ code: 'SIPX_CALL_TIMEOUT' });
  });

  test('bye() waits for the ACK (RFC 3261 15)', async () => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    await call.accept({ body: ANSWER });
    const bye = call.bye();
    await stage.settle();
    expect(stage.heard).toEqual(['200 INVITE']);
    await stage.peerSide.send(ackOf(stage));
    expect(stage.heard).toEqual(['200 INVITE', 'BYE']);
    const request = stage.peerSide.requests.at(-1);
    if (request) await stage.peerSide.send(peerResponse(request, 200));
    await bye;
    expect(call.end).toEqual({ by: 'local', reason: 'bye' });
  });
});

describe('requests in the dialog', () => {
  const up = async (): Promise<AgentStage> => {
    const stage = await AgentStage.open();
    const call = await stage.called();
    await call.accept({ body: ANSWER });
    await stage.settle();
    await stage.peerSide.send(ackOf(stage));
    return stage;
  };

  test('BYE ends the call', async () => {
    const stage = await up();
    await stage.peerSide.send(inDialog(stage, 'BYE'));
    expect(stage.heard).toEqual(['200 INVITE', '200 BYE']);
    expect(stage.incoming[0]?.end).toEqual({ by: 'remote', reason: 'bye' });
    expect(stage.endpoint.stateManager.gauges.dialogs).toBe(0);
  });

  test('are answered by what the method and the order ask for', async () => {
    const stage = await up();
    await stage.peerSide.send(inDialog(stage, 'OPTIONS', { CSeq: '5 OPTIONS' }));
    await stage.peerSide.send(inDialog(stage, 'INFO', { CSeq: '6 INFO' }));
    await stage.peerSide.send(inDialog(stage, 'INVITE', { CSeq: '7 INVITE' }, OFFER));
    await stage.peerSide.send(inDialog(stage, 'BYE', { CSeq: '4 BYE' }));
    expect(stage.heard).toEqual(['200 INVITE', '200 OPTIONS', '405 INFO', '488 INVITE', '500 BYE']);
    expect(stage.incoming[0]?.state).toBe('confirmed');
  });

  test('of a dialog that is not here are answered 481', async () => {
    const stage = await up();
    await stage.peerSide.send(inDialog(stage, 'BYE', { To: '<sip:here@192.0.2.1>;tag=gone' }));
    expect(stage.heard.at(-1)).toBe('481 BYE');
  });
});

test('the INVITE of a call that is up is the one that came in', async () => {
  const stage = await AgentStage.open();
  const call = await stage.called();
  const before = { from: String(call.invite.from), callId: call.callId, remote: call.remote.tag };
  await call.accept({ body: ANSWER });
  await stage.settle();
  await stage.peerSide.send(ackOf(stage));
  expect(call.state).toBe('confirmed');
  const { invite } = call;
  expect({ from: String(invite.from), callId: call.callId, remote: call.remote.tag }).toEqual(
    before,
  );
  expect(new TextDecoder().decode(invite.content)).toBe(OFFER);
  await expect(call.reject()).rejects.toMatchObject({ code: 'SIPX_USAGE_STATE' });
});

describe('an INVITE that no dialog can be made of is answered 400', () => {
  const cases = [
    { name: 'no Contact', changes: { Contact: undefined } },
    { name: 'a malformed Contact', changes: { Contact: '<sip:peer@' } },
    { name: 'a malformed Record-Route', changes: { 'Record-Route': '<sip:proxy;lr' } },
  ];
  test.each(cases)('$name', async ({ changes }) => {
    const stage = await AgentStage.open();
    await stage.peerSide.send(
      peerRequest('INVITE', { Contact: '<sip:peer@192.0.2.2>', ...changes }, 'sip:here@192.0.2.1'),
    );
    expect(stage.heard).toEqual(['400 INVITE']);
    expect(stage.agent.calls.size).toBe(0);
  });
});
