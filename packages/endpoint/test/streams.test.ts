import { describe, expect, test } from 'vitest';
import { peerRequest } from '../../../test/support/peer-messages.ts';
import { Stage } from '../../../test/support/stage.ts';
import { owner } from './test-owner.ts';

const tcp = (branch: string, callId: string): string =>
  peerRequest('OPTIONS', {
    Via: `SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK${branch}`,
    'Call-ID': callId,
  });

describe('a stream', () => {
  test('brings messages however they are cut, and takes the answers back', async () => {
    const stage = new Stage();
    stage.endpoint.attach(owner((incoming) => incoming.respond(200)));
    const peer = await stage.peer('tcp');
    const stream = tcp('a', '1') + tcp('b', '2');
    await peer.send(stream.slice(0, 40));
    await peer.send(stream.slice(40, stream.length - 10));
    expect(peer.statuses).toEqual([200]);
    await peer.send(stream.slice(-10));
    expect(peer.statuses).toEqual([200, 200]);
  });

  test('is closed by a framing error', async () => {
    const stage = new Stage();
    stage.endpoint.attach(owner(() => {}));
    const peer = await stage.peer('tcp');
    await peer.send(peerRequest('OPTIONS', { 'Content-Length': undefined }));
    expect(peer.closed).toBe(true);
  });

  test('is closed when a message is not finished in time', async () => {
    const stage = new Stage({ config: { readTimeout: 1000 } });
    stage.endpoint.attach(owner(() => {}));
    const peer = await stage.peer('tcp');
    const message = tcp('a', '1');
    await peer.send(message.slice(0, 20));
    await stage.clock.runFor(900);
    await peer.send(message.slice(20, 30));
    expect(peer.closed).toBe(false);
    await stage.clock.runFor(100);
    expect(peer.closed).toBe(true);
  });
});

test('the wire event tells each message, both ways, with its addresses', async () => {
  const stage = new Stage();
  stage.endpoint.attach(owner((incoming) => incoming.respond(200)));
  const seen: string[] = [];
  stage.endpoint.on('wire', ({ direction, bytes, local, remote, protocol }) => {
    const [line] = new TextDecoder().decode(bytes).split('\r\n');
    seen.push(`${direction} ${protocol} ${local.host}:${local.port} ${remote.host} ${line}`);
  });
  const peer = await stage.peer();
  await peer.send(peerRequest('OPTIONS'));
  expect(seen).toEqual([
    'in udp 192.0.2.1:5060 192.0.2.2 OPTIONS sip:here@192.0.2.1 SIP/2.0',
    'out udp 192.0.2.1:5060 192.0.2.2 SIP/2.0 200 OK',
  ]);
});
