import { Client } from '@sipx/client';
import { SIPServer } from '@sipx/server';
import { afterEach, describe, expect, test } from 'vitest';

/** On real sockets: what stands behind a wildcard only a system can tell. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const party of open.splice(0)) await party.close();
});

const ways = [
  { listen: 'udp:0.0.0.0:0', host: '127.0.0.1', parameter: '' },
  { listen: 'tcp:0.0.0.0:0', host: '127.0.0.1', parameter: ';transport=tcp' },
  { listen: 'udp:[::]:0', host: '[::1]', parameter: '' },
  { listen: 'tcp:[::]:0', host: '[::1]', parameter: ';transport=tcp' },
];

describe('behind a wildcard, both sides name an address that the other reaches', () => {
  test.each(ways)('$listen', async ({ listen, host, parameter }) => {
    const server = new SIPServer({ listen: [listen] });
    const client = new Client({ uri: 'sip:alice@example.com' });
    open.push(client, server);
    server.invite((context) => context.accept({ body: 'v=0\r\n' }));
    const [address] = await server.listen();

    const call = client.invite(`sip:bob@${host}:${address?.port}${parameter}`, { body: 'v=0\r\n' });
    const answered = new Promise<string>((resolve) => {
      call.once('answered', ({ contact }) => resolve(String(contact?.uri)));
    });
    await call.answered();
    expect(await answered).toMatch(
      new RegExp(`@${host.replace(/[[\]]/g, '\\$&')}:${address?.port}`),
    );
    const [theirs] = [...server.calls];
    expect(String(theirs?.invite.contact?.uri)).toContain(`@${host}:`);
    // The server's BYE goes to the Contact that the client gave.
    const ended = new Promise((resolve) => call.once('ended', resolve));
    await theirs?.bye();
    expect(await ended).toEqual({ by: 'remote', reason: 'bye' });
  });
});
