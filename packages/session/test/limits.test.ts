import { expect, test } from 'vitest';
import { peerResponse } from '../../../test/support/peer-messages.ts';
import { ackOf, AgentStage, ANSWER } from './agent-stage.ts';

const FORK = { To: '<sip:peer@192.0.2.2>;tag=fork' };

test('a fork has no early dialog beyond the limit, and its call comes about all the same', async () => {
  const stage = await AgentStage.open({ limits: { dialogs: 1 } });
  const call = await stage.call();
  await stage.reply(180);
  await stage.reply(180, FORK);
  expect(stage.endpoint.stateManager.gauges.dialogs).toBe(1);
  await stage.reply(200, FORK, ANSWER);
  expect(stage.heard).toEqual(['INVITE', 'ACK']);
  expect(call.state).toBe('confirmed');
  const bye = call.bye();
  await stage.settle();
  const request = stage.peerSide.requests.at(-1);
  if (request) await stage.peerSide.send(peerResponse(request, 200));
  await bye;
  await stage.clock.runFor(32_000);
  expect(stage.endpoint.stateManager.gauges).toMatchObject({ dialogs: 0, transactions: 0 });
});

test('a call that came in before the limit was reached rings and is answered', async () => {
  const stage = await AgentStage.open({ limits: { dialogs: 1 } });
  const incoming = await stage.called();
  const outgoing = await stage.call();
  await stage.reply(200, {}, ANSWER);
  expect(outgoing.state).toBe('confirmed');
  await incoming.ring();
  await incoming.accept({ body: ANSWER });
  await stage.settle();
  expect(stage.heard).toEqual(['INVITE', 'ACK', '180 INVITE', '200 INVITE']);
  await stage.peerSide.send(ackOf(stage));
  expect(incoming.state).toBe('confirmed');
});
