import { type Conversation, type Plan, Talk } from './conversation.ts';
import { readTarget } from './address.ts';
import { ExitCode } from './exit-code.ts';
import { nextHopOf, openMedia, openPhone, type Setup } from './phone.ts';
import { type Result, rounded } from './result.ts';
import { closeSoon, unlessInterrupted } from './waiting.ts';

/** `softphone call <uri>` */
export const callCommand = async (text: string, plan: Plan, setup: Setup): Promise<Result> => {
  const { account, terminal, signal } = setup;
  const target = readTarget(text, account.address);
  const media = await openMedia(account, nextHopOf(account, target));
  media.on('dtmf', (digit) => terminal.say(`digit ${digit}`));
  const talk = await Talk.prepare(media, plan);
  const phone = openPhone(setup);
  let protocol: string | undefined;
  phone.endpoint.on('wire', (event) => {
    ({ protocol } = event);
  });
  try {
    const dialled = performance.now();
    terminal.say(`calling ${target} …`);
    const call = phone.invite(target, { media, signal });
    call.on('ringing', () => terminal.say('ringing'));
    await unlessInterrupted(call.answered(), signal);
    const setupMs = rounded(performance.now() - dialled);
    terminal.say(`answered after ${setupMs} ms; Ctrl-C hangs up`);
    const conversation = await talk.hold(call, signal);
    terminal.say(told(conversation));
    const facts = { to: String(target), transport: protocol, setupMs, ...forJson(conversation) };
    return { exit: ExitCode.OK, json: { ok: true, call: facts } };
  } finally {
    await talk.close();
    await closeSoon(phone);
  }
};

export const told = ({ ended, durationMs, rtp, dtmf }: Conversation): string => {
  const who = ended === 'local' ? 'hung up' : 'the other side hung up';
  const digits = dtmf === '' ? '' : `, digits ${dtmf} came`;
  return (
    `${who} after ${(durationMs / 1000).toFixed(1)} s: ${rtp.sent} packets sent, ${rtp.received} received, ` +
    `${rtp.lost} lost, jitter ${rtp.jitterMs.toFixed(1)} ms${digits}`
  );
};

export const forJson = ({ durationMs, rtp, ...rest }: Conversation): object => ({
  durationMs: rounded(durationMs),
  ...rest,
  rtp: { ...rtp, jitterMs: rounded(rtp.jitterMs, 2) },
});
