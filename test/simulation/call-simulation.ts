import { Client } from '@sipx/client';
import type { Call, CallEnd } from '@sipx/session';
import { ManualClock, MemoryNetwork, SeededIds } from '@sipx/testing';
import { ScriptedMedia } from './scripted-media.ts';
import { Pbx } from './simulated-pbx.ts';

/** What became of one seed. */
export interface Outcome {
  readonly seed: number;
  /** The call was up on both sides and went down on both. */
  readonly complete: boolean;
  /** Against what every seed has to hold to; empty when it does. */
  readonly faults: readonly string[];
  /** Where the network lost, doubled and reordered, and what the sides saw: for a seed that failed. */
  readonly story: readonly string[];
}

export interface Conditions {
  /** Of each direction, 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
}

export const ROUGH: Conditions = { loss: 0.2, duplication: 0.05, reordering: 0.1 };

/** Long enough for every timer of RFC 3261 and for a call between them. */
const TALK = 5_000;
const PATIENCE = 600_000;
/** Timers D, L and M keep a finished transaction for 64·T1, and the registration's refresh is stopped by then. */
const LINGER = 40_000;

/**
 * One call over a bad network, all of it from one seed: the way (direct or by a registrar and record-routing
 * proxy that asks for a digest), the transport, who hangs up. Both sides must end agreed, and nothing be left.
 */
export const simulateCall = async (seed: number, conditions: Conditions): Promise<Outcome> => {
  const clock = new ManualClock();
  const network = new MemoryNetwork({ clock, seed, delay: [2, 60], ...conditions });
  const ids = new SeededIds(seed);
  const byPbx = seed % 2 === 1;
  const byTcp = seed % 5 === 0;
  const callerHangsUp = seed % 3 !== 0;
  const story: string[] = [];

  const client = (user: string, host: string): Client => {
    const protocols = ['udp', 'tcp'] as const;
    const made = new Client({
      uri: byPbx ? `sip:${user}@192.0.2.9` : `sip:${user}@${host}`,
      credentials: { username: user, password: `${user}-secret` },
      transports: protocols.map((protocol) => network.transport({ host, protocol })),
      listen: protocols.map((protocol) => `${protocol}:${host}:5060`),
      transport: byTcp ? 'tcp' : 'udp',
      clock,
      ids,
    });
    made.endpoint.on('wire', ({ direction, bytes, remote, at }) => {
      const line = new TextDecoder().decode(bytes).split('\r\n', 1)[0];
      story.push(`${at.toFixed(0)} ${user} ${direction} ${remote.host} ${line}`);
    });
    return made;
  };

  const alice = client('alice', '192.0.2.1');
  const bob = client('bob', '192.0.2.2');
  const pbx = byPbx ? new Pbx(network, clock, ids) : undefined;
  const parties = [alice, bob, ...(pbx ? [pbx.server] : [])];
  const faults: string[] = [];
  const received: Call[] = [];
  const media = { alice: new ScriptedMedia(4000), bob: new ScriptedMedia(5000) };

  bob.on('invite', async (call) => {
    received.push(call);
    await call.ring();
    await call.accept({ media: media.bob });
  });

  let complete = false;
  try {
    await clock.runUntil(Promise.all(parties.map((party) => party.listen())), PATIENCE);
    if (pbx) await clock.runUntil(bob.register(), PATIENCE);
    const call = alice.invite(byPbx ? 'sip:bob@192.0.2.9' : 'sip:bob@192.0.2.2', {
      media: media.alice,
    });
    const outgoing = ended(call);
    const up = await clock.runUntil(
      call.answered().then(
        () => true,
        () => false,
      ),
      PATIENCE,
    );
    if (up) {
      await clock.runFor(TALK);
      const other = received[0];
      await clock.runUntil((callerHangsUp || !other ? call : other).bye(), PATIENCE);
    }
    const ends = await clock.runUntil(Promise.all([outgoing, ...received.map(ended)]), PATIENCE);
    complete = up && received.length === 1 && wasUp(ends);
    faults.push(...disagreements(complete, ends, received));
    if (complete && media.alice.answer === undefined) faults.push('alice has no answer');
  } catch (error) {
    faults.push(`threw ${String(error)}`);
  }

  await clock.runUntil(
    Promise.all([alice.unregister(), bob.unregister()]).catch(() => {}),
    PATIENCE,
  );
  await clock.runFor(LINGER);
  for (const [name, party] of Object.entries({ alice, bob, pbx: pbx?.server })) {
    const { transactions = 0, dialogs = 0 } = party?.stateManager.gauges ?? {};
    if (transactions > 0) faults.push(`${name} keeps ${transactions} transactions`);
    if (dialogs > 0) faults.push(`${name} keeps ${dialogs} dialogs`);
    if (party && party.calls.size > 0) faults.push(`${name} keeps ${party.calls.size} calls`);
  }
  if (clock.pending > 0) faults.push(`${clock.pending} timers are left`);
  await clock.runUntil(Promise.all(parties.map((party) => party.close())), PATIENCE);
  await clock.runFor(LINGER);
  if (network.open > 0) faults.push(`${network.open} sockets are open`);
  if (clock.pending > 0) faults.push(`${clock.pending} timers are left after the end`);
  return { seed, complete, faults, story };
};

const ended = (call: Call): Promise<CallEnd> =>
  call.end
    ? Promise.resolve(call.end)
    : new Promise((resolve) => call.once('ended', (end) => resolve(end)));

const wasUp = (ends: readonly CallEnd[]): boolean => ends.every(({ code }) => code === undefined);

/** Up on one side alone is allowed only where a coded error says so. */
const disagreements = (
  complete: boolean,
  ends: readonly CallEnd[],
  received: readonly Call[],
): string[] => {
  const faults: string[] = [];
  if (received.length > 1) faults.push(`bob was called ${received.length} times`);
  if (!complete && !ends.some(({ code }) => code !== undefined)) {
    faults.push(`incomplete without a code: ${JSON.stringify(ends)}`);
  }
  return faults;
};
