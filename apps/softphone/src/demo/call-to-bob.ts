import { measureFrequency, rtp, tone } from '@sipx/media';
import type { Call, Client } from 'sipx';
import { rounded } from '../result.ts';
import { endOf, within } from '../waiting.ts';
import { type CallReport, packetsOf } from './call-report.ts';
import type { Parties } from './parties.ts';
import { transportOf } from './transport-of.ts';

export const ALICE_HZ = 440;
export const BOB_HZ = 660;
export const DIGITS = '1234#';

/** As much of a tone as is measured, after the first packet. */
export const LISTEN_MS = 500;
/** No part of a call on one machine takes nearly so long. */
export const PATIENCE_MS = 5000;

/** Alice calls bob by UDP; both send a tone, alice sends digits, bob hangs up when he has them. */
export const callToBob = async ({ alice, bob, pbx, wire }: Parties): Promise<CallReport> => {
  const { host } = pbx;
  const mine = rtp({ address: host });
  const his = rtp({ address: host });
  void mine.play(tone(ALICE_HZ));
  void his.play(tone(BOB_HZ));
  const heard = Promise.all([mine.hear(LISTEN_MS), his.hear(LISTEN_MS)]);

  let received = '';
  const digits = new Promise<void>((all) => {
    his.on('dtmf', (digit) => {
      received += digit;
      if (received.length >= DIGITS.length) all();
    });
  });
  const answering = nextCall(bob).then(async (call) => {
    await call.ring();
    await call.accept({ media: his });
    return call;
  });
  // Alice hears of it as well.
  answering.catch(() => {});

  const dialled = performance.now();
  const call = alice.invite(pbx.uriOf('bob'), { media: mine, transport: 'udp' });
  const ended = endOf(call);
  try {
    await within(PATIENCE_MS, 'an answer from bob', call.answered());
    const answered = performance.now();
    const called = await within(PATIENCE_MS, 'the call at bob', answering);
    const [hersHeard, hisHeard] = await within(PATIENCE_MS, 'sound on both sides', heard);
    await within(PATIENCE_MS, 'the end of the digits', mine.sendDtmf(DIGITS));
    await within(PATIENCE_MS, 'the last digit at bob', digits);
    await within(PATIENCE_MS, 'an answer to BYE', called.bye());
    const { by } = await within(PATIENCE_MS, 'the end of the call at alice', ended);
    return {
      from: 'alice',
      to: 'bob',
      transport: transportOf('alice', wire.passages([call.callId])),
      setupMs: rounded(answered - dialled),
      durationMs: rounded(performance.now() - answered),
      tone: { sentHz: ALICE_HZ, heardHz: rounded(measureFrequency(hisHeard), 2), heardBy: 'bob' },
      returnTone: {
        sentHz: BOB_HZ,
        heardHz: rounded(measureFrequency(hersHeard), 2),
        heardBy: 'alice',
      },
      rtp: packetsOf(mine),
      peerRtp: packetsOf(his),
      dtmf: received,
      ended: by,
    };
  } finally {
    bob.removeAllListeners('invite');
    await Promise.all([mine.close(), his.close()]);
  }
};

const nextCall = (client: Client): Promise<Call> =>
  new Promise((came) => {
    client.once('invite', came);
  });
