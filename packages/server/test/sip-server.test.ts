import { describe, expect, test } from 'vitest';
import { ServerStage } from './server-stage.ts';

describe('method handlers', () => {
  test('answer with a status, a response, or a promise of one', async () => {
    const stage = new ServerStage();
    stage.server
      .message((context) => (String(context.request.uri).includes('one') ? 202 : undefined))
      .message(async (context) => context.reply(200, { reason: 'Read' }));
    const peer = await stage.peer();
    await stage.ask(peer, 'MESSAGE', {}, 'sip:one@192.0.2.1');
    await stage.ask(peer, 'MESSAGE', {}, 'sip:two@192.0.2.1');
    expect(peer.responses.map(({ status, reason }) => `${status} ${reason}`)).toEqual([
      '202 Accepted',
      '200 Read',
    ]);
  });

  test.each([
    ['later', () => Promise.reject(new Error('the database is down'))],
    [
      'at once',
      () => {
        throw new Error('the database is down');
      },
    ],
  ])('that fail %s cost their request a 500', async (_, handler) => {
    const stage = new ServerStage();
    stage.server.message(handler);
    const peer = await stage.peer();
    await stage.ask(peer, 'MESSAGE');
    expect(peer.statuses).toEqual([500]);
  });

  test('what nobody answers is 404 for a method that is known, 405 for another, 481 in a dialog', async () => {
    const stage = new ServerStage();
    stage.server.message(() => undefined);
    const peer = await stage.peer();
    await stage.ask(peer, 'MESSAGE');
    await stage.ask(peer, 'INFO');
    await stage.ask(peer, 'BYE', { To: '<sip:here@192.0.2.1>;tag=gone' });
    expect(peer.statuses).toEqual([404, 405, 481]);
    expect(peer.responses[1]?.headers.raw('Allow')).toContain('MESSAGE');
  });
});

test('an application answers a call and is asked for no more in its dialog', async () => {
  const stage = new ServerStage();
  stage.server.invite((context) => context.accept({ body: 'v=0\r\n' }));
  const peer = await stage.peer();
  await stage.ask(peer, 'INVITE', { Contact: '<sip:peer@192.0.2.2>', 'Call-ID': 'call' });
  const [answer] = peer.responses;
  expect(answer?.status).toBe(200);
  expect(stage.server.calls.size).toBe(1);
  const inDialog = { To: answer?.headers.raw('To'), 'Call-ID': 'call' };
  await stage.ask(peer, 'ACK', { ...inDialog, CSeq: '1 ACK' });
  expect([...stage.server.calls].map(({ state }) => state)).toEqual(['confirmed']);
  await stage.ask(peer, 'BYE', { ...inDialog, CSeq: '2 BYE' });
  expect(peer.statuses).toEqual([200, 200]);
  expect(stage.server.calls.size).toBe(0);
});
