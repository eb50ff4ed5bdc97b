import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/* In a process of its own: its heap is nobody else's. With as many its tables are nearly full: they grow by doubling. */
const measured = ((): Readonly<Record<string, number>> => {
  const file = fileURLToPath(new URL('../bench/heap.ts', import.meta.url));
  const loader = ['--import', 'tsx', '--conditions=@sipx/source'];
  const options = ['--count', '6000', '--json'];
  const output = execFileSync(process.execPath, [...loader, file, ...options], {
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Readonly<Record<string, number>>;
})();

/** Of Node's versions and of other machines. */
const LEEWAY = 100;

it.each(Object.entries(measured))(
  '%s: at most 1 KB until its timer ends, a response of 350 octets included',
  (_, octets) => {
    expect(octets).toBeLessThanOrEqual(1_024 + LEEWAY);
  },
);
