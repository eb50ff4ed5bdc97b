import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { started, stopped } from './children.ts';
import { freePort } from './free-port.ts';
import { type Case, CORES, type Load } from './load.ts';

/** What SIPp says of its calls, in the end or so far. */
export interface Outcome {
  readonly calls: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Calls a second, the whole time counted. */
  readonly rate: number;
  /** Why this was no valid run. */
  readonly fault?: string;
}

/** Of a hundred thousand calls, one in a thousand may have had to say something twice. */
const MAX_RETRANSMISSIONS = 0.001;
/** SIPp's own start and end are part of its time. */
const MIN_RATE = 0.95;
/** Seconds that the last calls may take. */
const GRACE = 15;
const TRANSPORTS = { udp: 'u1', tcp: 't1' } as const;

/** SIPp as the caller: runs its calls, and gives up as soon as the run cannot be valid any more. */
export const drive = async (what: Case, port: number, load: Load): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'sipx-bench-'));
  const csv = join(folder, 'stat.csv');
  const wanted = Math.round(load.rate * load.seconds);
  const child = started(
    CORES.driver,
    [
      'sipp',
      ...(await common(what, 'uac')),
      ...['-r', String(load.rate), '-m', String(wanted), '-l', String(Math.max(5000, load.rate))],
      ...['-trace_stat', '-stf', csv, '-fd', '1', '-timeout', `${load.seconds + GRACE}s`],
      ...['-buff_size', String(4 * 1024 * 1024)],
      `127.0.0.1:${port}`,
    ],
    'ignore',
    folder,
  );
  try {
    const ended = once(child, 'exit');
    while (child.exitCode === null && child.signalCode === null) {
      await Promise.race([ended, after(500, undefined, { ref: false })]);
      const { failed, retransmissions } = statistics(csv);
      if (failed > 0 || retransmissions > wanted * MAX_RETRANSMISSIONS) break;
    }
    const isOver = child.exitCode !== null;
    await stopped(child);
    return judged(statistics(csv), wanted, load.rate, isOver);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** SIPp as the called side, at its default settings. */
export const sippServer = async (what: Case): Promise<readonly [string, ...string[]]> => [
  'sipp',
  ...(await common(what, 'uas')),
];

const common = async (what: Case, side: 'uac' | 'uas'): Promise<string[]> => [
  ...[
    '-sf',
    fileURLToPath(new URL(`../calls/scenarios/${side}-${what.scenario}.xml`, import.meta.url)),
  ],
  ...['-i', '127.0.0.1', '-p', String(await freePort(what.protocol))],
  // Else the remote control is open to everybody.
  ...['-ci', '127.0.0.1', '-cp', String(await freePort('udp'))],
  ...['-t', TRANSPORTS[what.protocol], '-nostdin'],
];

const judged = (outcome: Outcome, wanted: number, rate: number, isOver: boolean): Outcome => {
  const fault = faultOf(outcome, wanted, rate, isOver);
  return fault === undefined ? outcome : { ...outcome, fault };
};

const faultOf = (
  { calls, failed, retransmissions, rate: reached }: Outcome,
  wanted: number,
  rate: number,
  isOver: boolean,
): string | undefined => {
  if (failed > 0) return `${failed} failed`;
  if (retransmissions > wanted * MAX_RETRANSMISSIONS) return `${retransmissions} retransmissions`;
  if (!isOver || calls < wanted) return `${calls} of ${wanted} calls`;
  return reached < rate * MIN_RATE ? `${Math.round(reached)} calls/s` : undefined;
};

/** The last line counts; columns that end in (C) count from the beginning. */
const statistics = (csv: string): Outcome => {
  const [names = '', ...rows] = existsSync(csv)
    ? readFileSync(csv, 'latin1').trim().split('\n')
    : [];
  const columns = names.split(';');
  const values = rows.at(-1)?.split(';') ?? [];
  const of = (name: string): number => Number(values[columns.indexOf(name)] ?? 0);
  return {
    calls: of('SuccessfulCall(C)'),
    failed: of('FailedCall(C)'),
    retransmissions: of('Retransmissions(C)'),
    rate: of('CallRate(C)'),
  };
};
