import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Measured {
  readonly heap: number;
  readonly buffers: number;
  readonly dropped: number;
  readonly copies: Readonly<Record<string, number>>;
}

/* In a process of its own: its heap is nobody else's. */
const measured = ((): Measured => {
  const file = fileURLToPath(new URL('../bench/heap.ts', import.meta.url));
  const loader = ['--expose-gc', '--import', 'tsx', '--conditions=@sipx/source'];
  const output = execFileSync(process.execPath, [...loader, file, '--json'], { encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Measured;
})();

/** Of Node's versions and of other machines. */
const LEEWAY = 100;

it('an INVITE of 900 octets with its seven fields read keeps little beside its octets', () => {
  expect(measured.buffers).toBeLessThanOrEqual(900 + LEEWAY);
  expect(measured.heap).toBeLessThanOrEqual(1_400 + LEEWAY);
});

it('a message that is dropped leaves nothing', () => {
  expect(Math.abs(measured.dropped)).toBeLessThan(LEEWAY);
});

it.each(Object.entries(measured.copies))(
  '%s, when it is kept, keeps no message alive',
  (_, kept) => {
    // The octets alone are 900.
    expect(kept).toBeLessThan(800);
  },
);
