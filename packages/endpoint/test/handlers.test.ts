import type { EventHandler } from '@sipx/handlers';
import { responseTo } from '@sipx/message';
import { describe, expect, test } from 'vitest';
import { peerRequest } from '../../../test/support/peer-messages.ts';
import { Stage } from '../../../test/support/stage.ts';
import { ownRequest } from './own-request.ts';
import { owner } from './test-owner.ts';

/** A handler that lets go of each response when the test says so. */
class Gate implements EventHandler {
  readonly held: (() => void)[] = [];

  onResponse(): Promise<void> {
    return new Promise((resolve) => this.held.push(resolve));
  }
}

test('a 200 waits behind the 180 that an asynchronous handler holds', async () => {
  const gate = new Gate();
  const stage = new Stage();
  stage.endpoint.attach(
    owner(
      (incoming) => {
        void incoming.respond(180);
        void incoming.respond(200);
      },
      { handlers: [gate] },
    ),
  );
  const peer = await stage.peer();
  await peer.send(peerRequest('INVITE'));
  expect(peer.statuses).toEqual([]);
  expect(gate.held).toHaveLength(1);
  gate.held[0]?.();
  await stage.settle();
  expect(peer.statuses).toEqual([180]);
  gate.held[1]?.();
  await stage.settle();
  expect(peer.statuses).toEqual([180, 200]);
});

describe('what fails costs its own request a 500 and nothing else', () => {
  const failing: { readonly name: string; readonly make: () => ReturnType<typeof owner> }[] = [
    {
      name: 'an owner that throws',
      make: () =>
        owner(() => {
          throw new Error('boom');
        }),
    },
    { name: 'an owner that rejects', make: () => owner(() => Promise.reject(new Error('boom'))) },
    {
      name: 'a handler that throws on the request',
      make: () =>
        owner((incoming) => incoming.respond(200), {
          handlers: [
            {
              onRequest() {
                throw new Error('boom');
              },
            },
          ],
        }),
    },
    {
      name: 'a handler that rejects on the response',
      make: () =>
        owner((incoming) => incoming.respond(200), {
          handlers: [{ onResponse: () => Promise.reject(new Error('boom')) }],
        }),
    },
  ];

  test.each(failing)('$name', async ({ make }) => {
    const stage = new Stage();
    stage.endpoint.attach(make());
    const peer = await stage.peer();
    await peer.send(peerRequest('OPTIONS'));
    expect(peer.statuses).toEqual([500]);
  });
});

test('an ACK passes the handlers, in and out', async () => {
  const stage = new Stage();
  const seen: string[] = [];
  const handlers: EventHandler[] = [
    {
      onRequest: ({ method }, { direction }) => {
        seen.push(`${direction} ${method}`);
      },
    },
  ];
  const server = owner((incoming) => incoming.respond(200), { handlers });
  stage.endpoint.attach(server);
  const peer = await stage.peer();
  await peer.send(peerRequest('INVITE'));
  await peer.send(peerRequest('ACK', { Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKack' }));
  await stage.clock.runUntil(stage.endpoint.transmit(ownRequest('ACK'), { chain: server.chain }));
  expect(seen).toEqual(['in INVITE', 'in ACK', 'out ACK']);
  expect(server.acks).toHaveLength(1);
});

test('a handler may answer in the owner’s place', async () => {
  const stage = new Stage();
  const server = owner((incoming) => incoming.respond(200), {
    handlers: [{ onRequest: (request) => responseTo(request, 403, { toTag: 'handler' }) }],
  });
  stage.endpoint.attach(server);
  const peer = await stage.peer();
  await peer.send(peerRequest('OPTIONS'));
  expect(peer.statuses).toEqual([403]);
  expect(server.received).toHaveLength(0);
});
