import type { Client } from 'sipx';
import { failureOf, oneLine } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import type { CallReport } from './call-report.ts';
import { ALICE_HZ, BOB_HZ, callToBob, DIGITS } from './call-to-bob.ts';
import { callToEcho } from './call-to-echo.ts';
import { type Expected, faultsOf } from './faults.ts';
import { ladder } from './ladder.ts';
import type { Parties } from './parties.ts';
import { summary } from './summary.ts';

/** What the demonstration came to. */
export interface DemoReport {
  readonly ok: boolean;
  readonly registered: number;
  readonly calls: readonly CallReport[];
  /** Why not ok. */
  readonly faults: readonly string[];
}

interface Act {
  readonly title: string;
  readonly call: (parties: Parties) => Promise<CallReport>;
  readonly columns: readonly string[];
  readonly expected: Expected;
}

const acts: readonly Act[] = [
  {
    title: 'alice calls bob over UDP',
    call: callToBob,
    columns: ['alice', 'pbx', 'bob'],
    expected: {
      transport: 'udp',
      tone: ALICE_HZ,
      returnTone: BOB_HZ,
      dtmf: DIGITS,
      ended: 'remote',
    },
  },
  {
    title: 'alice calls the echo service over TCP',
    call: callToEcho,
    columns: ['alice', 'pbx'],
    expected: { transport: 'tcp', tone: ALICE_HZ, ended: 'local' },
  },
];

/** Registers alice and bob, has alice make her calls, and tells all of it. What fails is a fault: it never rejects. */
export const demonstrate = async (parties: Parties, terminal: Terminal): Promise<DemoReport> => {
  const { alice, bob, wire } = parties;
  const { paint, width } = terminal;
  const calls: CallReport[] = [];
  const faults: string[] = [];
  const told = new Set<string>();

  const attempt = async <T>(
    title: string,
    columns: readonly string[],
    work: () => Promise<T>,
  ): Promise<T | undefined> => {
    let outcome: T | undefined;
    try {
      outcome = await work();
    } catch (error) {
      faults.push(`${title}: ${oneLine(failureOf(error))}`);
    }
    // What happened is worth seeing most when it went wrong.
    const callIds = wire.callIds().filter((id) => !told.has(id));
    for (const id of callIds) told.add(id);
    terminal.say(`\n${paint('bold', title)}`);
    const lines = ladder(wire.passages(callIds), { parties: columns, width, paint });
    for (const line of lines) terminal.say(line);
    return outcome;
  };

  let registered = 0;
  const register = async (client: Client): Promise<void> => {
    await client.register();
    registered += 1;
  };
  await attempt('alice and bob register', ['alice', 'pbx', 'bob'], () =>
    Promise.all([register(alice), register(bob)]),
  );
  for (const { title, call, columns, expected } of acts) {
    const report = await attempt(title, columns, () => call(parties));
    if (!report) continue;
    calls.push(report);
    faults.push(...faultsOf(report, expected));
    for (const line of summary(report, paint)) terminal.say(line);
  }
  return { ok: faults.length === 0, registered, calls, faults };
};
