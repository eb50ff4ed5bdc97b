import { type ChildProcess, execFileSync, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** Whatever happens, nothing that was started goes on. */
const children = new Set<ChildProcess>();
const killAll = (): void => {
  for (const child of children) child.kill('SIGKILL');
};
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(1));
}

export const isInstalled = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const pins = isInstalled('taskset') && availableParallelism() > 1;

/** A process on one core, where the system can do that. */
export const started = (
  core: number,
  command: readonly [program: string, ...args: string[]],
  stdio: StdioOptions,
  cwd?: string,
): ChildProcess => {
  const [program = '', ...args] = pins
    ? ['taskset', '--cpu-list', String(core), ...command]
    : command;
  const child = spawn(program, args, { stdio, ...(cwd !== undefined && { cwd }) });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
};

export const stopped = async (child: ChildProcess): Promise<void> => {
  if (!children.has(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};
