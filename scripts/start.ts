/**
 * `pnpm start`: builds what is stale, then runs the softphone's demonstration, which gets all arguments.
 * The build speaks on stderr, and at length only when it fails: the last line of stdout is the softphone's.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, root } from './tools.ts';

process.exitCode = (await build()) || (await demo(process.argv.slice(2)));

async function build(): Promise<number> {
  process.stderr.write('sipx: building what is stale …\n');
  const args = ['run', 'build', '--filter=@sipx/softphone...', '--output-logs=errors-only'];
  const turbo = spawn(process.execPath, [binOf('turbo'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  let told = '';
  for (const stream of [turbo.stdout, turbo.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
  }
  const code = await ended(turbo);
  if (code !== 0) process.stderr.write(told);
  return code;
}

async function demo(args: readonly string[]): Promise<number> {
  const app = join(root, 'apps/softphone');
  const { bin } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as {
    bin: { softphone: string };
  };
  const child = spawn(process.execPath, [join(app, bin.softphone), 'demo', ...args], {
    stdio: 'inherit',
  });
  // Ctrl-C reaches the whole foreground group; what stops this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  return ended(child);
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done(code ?? 1));
  });
}
