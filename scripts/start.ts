/**
 * `pnpm start`: builds what is stale, then runs the softphone's demonstration, which gets all arguments.
 * The build speaks on stderr: with `--json` the last line of stdout is the softphone's own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

const built = await run(binOf('turbo'), ['run', 'build', '--output-logs=errors-only'], 'stderr');
process.exitCode =
  built === 0
    ? await run(
        join(root, 'apps/softphone', softphone()),
        ['demo', ...process.argv.slice(2)],
        'stdout',
      )
    : built;

/** Resolves with the exit code; a signal that stops this process is passed on, and its own counts as failure. */
async function run(
  script: string,
  args: readonly string[],
  out: 'stdout' | 'stderr',
): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: out === 'stderr' ? root : process.cwd(),
    stdio: ['inherit', out === 'stderr' ? 2 : 'inherit', 'inherit'],
  });
  const unhook = passOnSignals(child);
  return new Promise<number>((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  }).finally(unhook);
}

function passOnSignals(child: ChildProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of signals) process.on(signal, passOn);
  return () => {
    for (const signal of signals) process.off(signal, passOn);
  };
}

function binOf(name: string): string {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest) as { bin: Record<string, string> };
  return resolve(dirname(manifest), bin[name] ?? '');
}

function softphone(): string {
  const { bin } = JSON.parse(readFileSync(join(root, 'apps/softphone/package.json'), 'utf8')) as {
    bin: { softphone: string };
  };
  return bin.softphone;
}
