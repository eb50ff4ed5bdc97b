import { dialogFromRequest } from '@sipx/fsm';
import { HandlerChain } from '@sipx/handlers';
import { parseMessage, type Request, type Response, responseTo } from '@sipx/message';
import { describe, expect, test } from 'vitest';
import { PEER } from '../../../test/support/hosts.ts';
import { peerRequest } from '../../../test/support/peer-messages.ts';
import { Stage } from '../../../test/support/stage.ts';
import { ownRequest } from './own-request.ts';
import { owner } from './test-owner.ts';

const via = (name: string): { Via: string } => ({
  Via: `SIP/2.0/UDP ${PEER};branch=z9hG4bK${name}`,
});

const CONTACT = { Contact: `<sip:peer@${PEER}>` };

/** Puts the dialog that a peer's INVITE made into the endpoint. */
const establish = (stage: Stage): Request => {
  const invite = parseMessage(
    new TextEncoder().encode(peerRequest('INVITE', { ...CONTACT, ...via('made') })),
  );
  if (invite.type !== 'request') throw new TypeError('not a request');
  const answer = responseTo(invite, 200, { toTag: 'ours' });
  stage.endpoint.stateManager.addDialog(dialogFromRequest(invite, answer));
  return invite;
};

const told = ({ status, cseq, headers }: Response): string =>
  [status, cseq.method, headers.raw('Retry-After')].filter(Boolean).join(' ');

describe('at a limit the door says 503 with Retry-After', () => {
  test('of transactions: new calls are refused, established dialogs and CANCELs are let in', async () => {
    const stage = new Stage({ limits: { transactions: 1 } });
    stage.endpoint.attach(
      owner((incoming) => {
        incoming.signal.addEventListener('abort', () => void incoming.respond(487));
        if (incoming.request.method === 'BYE') return incoming.respond(200);
      }),
    );
    const peer = await stage.peer();
    establish(stage);
    await peer.send(peerRequest('INVITE', { 'Call-ID': 'ringing', ...CONTACT, ...via('ringing') }));
    await peer.send(peerRequest('INVITE', { 'Call-ID': 'new', ...CONTACT, ...via('new') }));
    await peer.send(
      peerRequest('BYE', { To: '<sip:here@example.com>;tag=ours', CSeq: '2 BYE', ...via('bye') }),
    );
    await peer.send(
      peerRequest('BYE', { To: '<sip:here@example.com>;tag=guessed', CSeq: '2 BYE', ...via('no') }),
    );
    await peer.send(peerRequest('CANCEL', { 'Call-ID': 'ringing', ...via('ringing') }));
    expect(peer.responses.map(told)).toEqual([
      '503 INVITE 5',
      '200 BYE',
      '503 BYE 5',
      '200 CANCEL',
      '487 INVITE',
    ]);
    expect(stage.endpoint.drops.overload).toBe(2);
  });

  test('of dialogs: what would make one more is refused, all else is let in', async () => {
    const stage = new Stage({ limits: { dialogs: 1 } });
    stage.endpoint.attach(owner((incoming) => incoming.respond(200)));
    const peer = await stage.peer();
    establish(stage);
    await peer.send(peerRequest('INVITE', { 'Call-ID': 'new', ...CONTACT, ...via('new') }));
    await peer.send(peerRequest('OPTIONS', { 'Call-ID': 'ask', ...via('ask') }));
    await peer.send(
      peerRequest('BYE', { To: '<sip:here@example.com>;tag=ours', CSeq: '2 BYE', ...via('bye') }),
    );
    expect(peer.responses.map(told)).toEqual(['503 INVITE 5', '200 OPTIONS', '200 BYE']);
  });

  test('of dialogs: an INVITE of ours fails before it is sent', async () => {
    const stage = new Stage({ limits: { dialogs: 1 } });
    const peer = await stage.peer();
    establish(stage);
    const options = { chain: new HandlerChain(), cseq: () => 2 };
    const sent = stage.endpoint.request(ownRequest('INVITE'), options);
    await expect(sent).rejects.toMatchObject({ code: 'SIPX_LIMIT_DIALOGS' });
    await stage.settle();
    expect(peer.requests).toEqual([]);
  });
});

test('transitionTo ends a transaction as its runner would: timers stop, its user hears', async () => {
  const stage = new Stage();
  await stage.peer();
  const { endpoint } = stage;
  const failed = endpoint
    .request(ownRequest('OPTIONS'), { chain: new HandlerChain(), cseq: () => 2 })
    .catch((error: unknown) => error);
  await stage.settle();
  const [transaction] = endpoint.stateManager.transactions();
  if (!transaction) throw new TypeError('nothing was sent');
  expect(endpoint.stateManager.gauges.timers).toBe(2);
  endpoint.stateManager.transitionTo(transaction, 'terminated');
  expect(await failed).toMatchObject({ code: 'SIPX_ABORTED' });
  expect(endpoint.stateManager.gauges).toMatchObject({ transactions: 0, timers: 0, bytesKept: 0 });
  expect(stage.clock.pending).toBe(0);
});

test.each([{ t1: 0 }, { t2: Number.NaN }, { t4: -1 }])('timers of %o are refused', (timers) => {
  expect(() => new Stage({ timers })).toThrow(expect.objectContaining({ code: 'SIPX_USAGE' }));
});
