import { Client } from '@sipx/client';
import { Endpoint } from '@sipx/endpoint';
import { Proxy, Registrar, SIPServer } from '@sipx/server';
import { ManualClock, MemoryNetwork, SeededIds } from '@sipx/testing';
import { expect, test } from 'vitest';

const HOST = '192.0.2.1';

test('two clients and a server on one endpoint and one port call each other', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork({ clock, seed: 1 });
  const ids = new SeededIds(1);
  const endpoint = new Endpoint({
    transports: [network.transport({ host: HOST, protocol: 'udp' })],
    listen: [`udp:${HOST}:5060`],
    clock,
    ids,
  });
  const users = { alice: 'a-secret', bob: 'b-secret' };
  const registrar = new Registrar({ domain: HOST, users, clock, ids });
  const server = new SIPServer({ endpoint });
  server.use(registrar).use(
    new Proxy({
      target: async ({ request }) => (await registrar.lookup(request.uri))[0]?.contact ?? 404,
      authenticate: { realm: HOST, users },
      clock,
      ids,
    }),
  );
  const client = (username: 'alice' | 'bob'): Client =>
    new Client({
      uri: `sip:${username}@${HOST}`,
      credentials: { username, password: users[username] },
      endpoint,
    });
  const alice = client('alice');
  const bob = client('bob');
  bob.on('invite', (call) => call.accept({ body: 'v=0\r\n' }));

  await clock.runUntil(endpoint.listen());
  await clock.runUntil(Promise.all([alice.register(), bob.register()]));
  const call = alice.invite(`sip:bob@${HOST}`, { body: 'v=0\r\n' });
  await clock.runUntil(call.answered());
  expect(bob.calls.size).toBe(1);
  expect(server.calls.size).toBe(0);
  await clock.runUntil(call.bye());
  await clock.runFor(0);
  expect([...bob.calls]).toEqual([]);

  await clock.runUntil(Promise.all([alice.close(), bob.close()]));
  await clock.runFor(40_000);
  expect(endpoint.stateManager.gauges).toMatchObject({ transactions: 0, dialogs: 0 });
  await clock.runUntil(endpoint.close());
  expect(network.open).toBe(0);
  expect(clock.pending).toBe(0);
});
