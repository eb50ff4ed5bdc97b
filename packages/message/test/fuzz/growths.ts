import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How the time of each shape grows, one after the other, as `grow.ts` measures it; ends early when `signal` says so. */
export async function* growths(
  doublings: number,
  wanted: readonly string[] = [],
  signal?: AbortSignal,
): AsyncGenerator<[name: string, growth: number]> {
  const young = ['--max-semi-space-size=256', '--min-semi-space-size=64'];
  const loader = ['--import', 'tsx', '--conditions=@sipx/source'];
  const file = fileURLToPath(new URL('grow.ts', import.meta.url));
  const child = spawn(process.execPath, [...young, ...loader, file, String(doublings), ...wanted], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      yield JSON.parse(line) as [string, number];
    }
  } finally {
    kill();
  }
}
