import { ExitCode } from '../exit-code.ts';
import type { Result } from '../result.ts';
import type { Terminal } from '../terminal.ts';
import { traceOf } from '../trace.ts';
import { aborted, closeSoon, unlessInterrupted } from '../waiting.ts';
import { demonstrate } from './demo.ts';
import { openHouse } from './open-house.ts';
import { partiesAt } from './parties.ts';
import { Pbx } from './pbx.ts';

export interface DemoOptions {
  /** End after the calls; else the PBX stays up until Ctrl-C. */
  readonly once: boolean;
  readonly trace: boolean;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** `softphone demo`, which is what `pnpm start` runs. */
export const demoCommand = async (options: DemoOptions): Promise<Result> => {
  const { once, trace, terminal, signal } = options;
  const pbx = await Pbx.start();
  const { paint } = terminal;
  terminal.say(`the PBX listens on ${pbx.host}:${pbx.port}, UDP and TCP`);
  // It has a part in every message: one side of each is enough.
  if (trace) pbx.endpoint.on('wire', (event) => terminal.note(traceOf(event, paint)));
  const parties = partiesAt(pbx);
  try {
    const report = await unlessInterrupted(demonstrate(parties, terminal), signal);
    const verdict = report.ok ? paint('green', 'all of it held') : paint('red', 'not all held');
    terminal.say(`\n${verdict}`);
    for (const fault of report.faults) terminal.note(fault);
    if (!once) {
      openHouse(parties, terminal);
      await aborted(signal);
    }
    return { exit: report.ok ? ExitCode.OK : ExitCode.FAILED, json: { ...report } };
  } finally {
    await Promise.all([closeSoon(parties.alice), closeSoon(parties.bob)]);
    await pbx.close();
  }
};
