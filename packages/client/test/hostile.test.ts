import { Client } from '@sipx/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { peerRequest, peerResponse } from '../../../test/support/peer-messages.ts';
import type { RawPeer } from '../../../test/support/raw-peer.ts';
import { Stage } from '../../../test/support/stage.ts';

const OFFER = 'v=0\r\n';

interface Busy {
  readonly stage: Stage;
  readonly client: Client;
  readonly peer: RawPeer;
  readonly templates: string[];
}

/** A client with a call that it made and one that it was asked to take. */
const busyStage = async (): Promise<Busy> => {
  const stage = new Stage();
  const client = new Client({ uri: 'sip:here@192.0.2.2', endpoint: stage.endpoint });
  client.on('invite', (call) => void call.ring().catch(() => {}));
  const peer = await stage.peer();
  client.invite('sip:peer@192.0.2.2', { body: OFFER });
  await stage.settle();
  const [invite] = peer.requests;
  if (!invite) throw new Error('no INVITE went out');
  const contact = { Contact: '<sip:peer@192.0.2.2>' };
  const templates = [
    peerResponse(invite, 180, contact),
    peerResponse(invite, 200, { ...contact, 'Record-Route': '<sip:192.0.2.2;lr>' }),
    peerResponse(invite, 407, { 'Proxy-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' }),
    peerRequest('INVITE', { ...contact, 'Call-ID': 'theirs' }),
    peerRequest('BYE', { To: '<sip:here@192.0.2.2>;tag=x', 'Call-ID': 'theirs' }),
    peerRequest('ACK', { 'Call-ID': 'theirs' }),
    peerRequest('CANCEL', { 'Call-ID': 'theirs' }),
  ];
  return { stage, client, peer, templates };
};

/** Bytes replaced, and a stretch cut out or doubled. */
const mutation = fc.record({
  template: fc.nat(6),
  octets: fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
  from: fc.nat(600),
  length: fc.nat(40),
  twice: fc.boolean(),
});

test('whatever comes in, nothing is thrown and the next request is answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 8 }), async (mutations) => {
      const { stage, client, peer, templates } = await busyStage();
      for (const { template, octets, from, length, twice } of mutations) {
        let text = templates[template] ?? '';
        for (const [at, octet] of octets) {
          if (at >= text.length) continue;
          text = text.slice(0, at) + String.fromCharCode(octet) + text.slice(at + 1);
        }
        const piece = text.slice(from, from + length);
        text = text.slice(0, from) + (twice ? piece + piece : '') + text.slice(from + length);
        await peer.send(text);
      }
      await stage.clock.runFor(260_000);
      const before = peer.statuses.filter((status) => status === 200).length;
      await peer.send(
        peerRequest('OPTIONS', {
          Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKlast',
          'Call-ID': 'last',
        }),
      );
      expect(peer.statuses.filter((status) => status === 200).length).toBe(before + 1);
      // The OPTIONS, and whatever call a mutated 2xx may have brought about.
      const { size } = client.calls;
      expect(client.stateManager.gauges).toMatchObject({ transactions: 1, dialogs: size });
    }),
    { numRuns: 60, seed: 20261124 },
  );
});
