import type { Run } from './run.ts';

const WIDTHS = { name: 34, cell: 14 };
const TITLES = ['calls/s', 'CPU µs/call', 'peak MB', 'pause p99.9', 'longest, ms', 'repeated'];

/** A row a contestant; its CPU time also as times that of `unit`, where that was held. */
export const printTable = (
  title: string,
  rows: readonly (readonly [name: string, run: Run | undefined])[],
  unit: Run | undefined,
): void => {
  console.log(`\n${title}`);
  console.log(line('', TITLES));
  for (const [name, run] of rows) console.log(line(name, run ? cells(run, unit) : ['-']));
};

const cells = (run: Run, unit: Run | undefined): string[] => {
  const { offered, cpuUs, peakMB, pauses, retransmissions, fault } = run;
  if (fault !== undefined) return [`${offered}`, `not held: ${fault}`];
  const share = unit && unit.fault === undefined ? ` ×${(cpuUs / unit.cpuUs).toFixed(2)}` : '';
  return [
    `${offered}`,
    `${cpuUs.toFixed(1)}${share}`,
    peakMB.toFixed(0),
    pauses ? pauses.p999.toFixed(1) : '-',
    pauses ? pauses.longest.toFixed(1) : '-',
    `${retransmissions}`,
  ];
};

const line = (name: string, values: readonly string[]): string =>
  [name.padEnd(WIDTHS.name), ...values.map((value) => value.padStart(WIDTHS.cell))].join(' ');
