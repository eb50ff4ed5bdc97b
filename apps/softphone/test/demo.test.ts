import { Client } from 'sipx';
import { describe, expect, test } from 'vitest';
import { run } from '../src/command-line.ts';
import { demonstrate } from '../src/demo/demo.ts';
import { partiesAt } from '../src/demo/parties.ts';
import { Pbx } from '../src/demo/pbx.ts';
import { captured } from './captured.ts';

interface Report {
  readonly calls: readonly {
    readonly setupMs: number;
    readonly rtp: Counts;
    readonly peerRtp?: Counts;
  }[];
}
interface Counts {
  readonly sent: number;
  readonly received: number;
}

const near = (hz: number): unknown => expect.closeTo(hz, 0);

describe('the demonstration, on real sockets', () => {
  test('registers, calls over UDP and TCP, and measures what it says', async () => {
    const { world, out, err, json } = captured();
    const exit = await run(['demo', '--once', '--json', '--trace'], world);
    expect(json()).toMatchObject({
      ok: true,
      registered: 2,
      faults: [],
      calls: [
        {
          from: 'alice',
          to: 'bob',
          transport: 'udp',
          tone: { sentHz: 440, heardHz: near(440), heardBy: 'bob' },
          returnTone: { sentHz: 660, heardHz: near(660), heardBy: 'alice' },
          rtp: { lost: 0 },
          peerRtp: { lost: 0 },
          dtmf: '1234#',
          ended: 'remote',
        },
        {
          from: 'alice',
          to: 'echo',
          transport: 'tcp',
          tone: { sentHz: 440, heardHz: near(440), heardBy: 'alice' },
          rtp: { lost: 0 },
          ended: 'local',
        },
      ],
    });
    expect(exit).toBe(0);
    for (const { setupMs, rtp, peerRtp } of (json() as Report).calls) {
      expect(setupMs).toBeGreaterThan(0);
      // Half a second of tone was heard, 50 packets a second.
      for (const { sent, received } of [rtp, peerRtp ?? rtp]) {
        expect(sent).toBeGreaterThan(20);
        expect(received).toBeGreaterThan(20);
      }
    }

    const ladder = out.join('\n');
    expect(ladder).toMatch(/^ +0\.0 {2}│─+ INVITE \+ SDP ─+▶│ +│$/m);
    expect(ladder).toMatch(/│◀─+ BYE ─+│$/m);
    expect(ladder).toMatch(/│◀─+ 200 OK \(INVITE\) \+ SDP ─+│$/m);

    // The PBX asked for SHA-256 and got it; nothing that proves a password is shown.
    const trace = err.join('\n');
    expect(trace.match(/^ {2}Authorization: Digest .*algorithm=SHA-256/gm)).toHaveLength(4);
    expect(trace.match(/^ {2}Proxy-Authorization: Digest .*algorithm=SHA-256/m)).not.toBeNull();
    const proofs = trace.match(/\b(?:response|cnonce|nonce)=(?!\*\*\*)\S+/g);
    expect(proofs).toBeNull();
  });

  test('is not ok when a phone cannot register, says why, and goes on', async () => {
    const pbx = await Pbx.start();
    const parties = partiesAt(pbx);
    const bob = new Client({
      uri: pbx.uriOf('bob'),
      credentials: { username: 'bob', password: 'wrong' },
      listen: ['udp:127.0.0.1:0'],
    });
    try {
      const { world, out } = captured();
      const report = await demonstrate({ ...parties, bob }, world.terminal);
      expect(report).toMatchObject({ ok: false, registered: 1, calls: [{ to: 'echo' }] });
      expect(report.faults).toEqual([
        expect.stringMatching(/^alice and bob register: SIPX_REGISTER_REJECTED: .*401/),
        expect.stringMatching(/^alice calls bob over UDP: SIPX_CALL_REJECTED: .*480/),
      ]);
      expect(out.join('\n')).toMatch(/│◀─+ 480 Temporarily Unavailable \(INVITE\) ─+│/);
    } finally {
      await Promise.all([parties.alice.close(), parties.bob.close(), bob.close()]);
      await pbx.close();
    }
  });
});
