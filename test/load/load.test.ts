import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Measured {
  readonly heldBytes: number;
  readonly leftBytes: number;
}

const CALLS = 10_000;

/* In a process of its own: its heap is nobody else's. */
const { heldBytes, leftBytes } = ((): Measured => {
  const file = fileURLToPath(new URL('run.ts', import.meta.url));
  const loader = ['--import', 'tsx', '--conditions=@sipx/source'];
  const options = ['--calls', String(CALLS), '--held', '0', '--json'];
  const output = execFileSync(process.execPath, [...loader, file, ...options], {
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Measured;
})();

it('an established call keeps at most 4 KB a side', () => {
  expect(heldBytes / 2).toBeLessThanOrEqual(4_096);
});

it('a call that is over leaves nothing', () => {
  // Compiled code comes and goes, by half a megabyte; a forgotten object for each call would be as much as this.
  expect(leftBytes).toBeLessThan(100 * CALLS);
});
