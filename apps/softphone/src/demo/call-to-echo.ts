import { measureFrequency, rtp, tone } from '@sipx/media';
import { rounded } from '../result.ts';
import { endOf, within } from '../waiting.ts';
import { type CallReport, packetsOf } from './call-report.ts';
import { ALICE_HZ, LISTEN_MS, PATIENCE_MS } from './call-to-bob.ts';
import type { Parties } from './parties.ts';
import { transportOf } from './transport-of.ts';

/** Alice calls the echo service by TCP, hears her own tone and hangs up. */
export const callToEcho = async ({ alice, pbx, wire }: Parties): Promise<CallReport> => {
  const media = rtp({ address: pbx.host });
  void media.play(tone(ALICE_HZ));
  const heard = media.hear(LISTEN_MS);
  const dialled = performance.now();
  const call = alice.invite(pbx.uriOf('echo'), { media, transport: 'tcp' });
  const ended = endOf(call);
  try {
    await within(PATIENCE_MS, 'an answer from echo', call.answered());
    const answered = performance.now();
    const pcm = await within(PATIENCE_MS, 'sound from echo', heard);
    await within(PATIENCE_MS, 'an answer to BYE', call.bye());
    const { by } = await ended;
    return {
      from: 'alice',
      to: 'echo',
      transport: transportOf('alice', wire.passages([call.callId])),
      setupMs: rounded(answered - dialled),
      durationMs: rounded(performance.now() - answered),
      tone: { sentHz: ALICE_HZ, heardHz: rounded(measureFrequency(pcm), 2), heardBy: 'alice' },
      rtp: packetsOf(media),
      ended: by,
    };
  } finally {
    await media.close();
  }
};
