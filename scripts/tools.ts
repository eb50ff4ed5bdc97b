/** The programs of the toolchain, found without a shell: the same on every platform. */
import { execFile, type ExecFileOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** The script behind a command of a root dependency; `binOf('turbo')`, `binOf('@arethetypeswrong/cli', 'attw')`. */
export function binOf(name: string, command: string = name): string {
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  return join(folder, typeof bin === 'string' ? bin : (bin[command] ?? ''));
}

export interface Outcome {
  readonly code: number;
  /** stdout, then stderr. */
  readonly output: string;
}

/** Runs a program to its end; a failure is an outcome, not an exception. */
export function run(
  file: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<Outcome> {
  return new Promise((done) => {
    execFile(
      file,
      args,
      { maxBuffer: 64 * 1024 * 1024, ...options, encoding: 'utf8' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({
          code,
          output: `${stdout}${stderr}${code !== 0 && !stdout && !stderr ? error : ''}`,
        });
      },
    );
  });
}

/** Runs the script of an installed command with this Node. */
export function runBin(
  script: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<Outcome> {
  return run(process.execPath, [script, ...args], options);
}

/** Packs a workspace package as it would be published; the path of its tarball. */
export async function pack(folder: string, destination: string): Promise<string> {
  // Through a shell: on Windows both are batch files. No argument holds a blank but the folder, which is quoted.
  const command = `${pnpm()} pack --json --pack-destination "${destination}"`;
  const { code, output } = await run(command, [], { cwd: join(root, folder), shell: true });
  if (code !== 0) throw new Error(`packing ${folder} failed:\n${output}`);
  const packed = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
    filename: string;
  };
  return packed.filename;
}

/** The pnpm that runs this script, else the one that the repository names. */
function pnpm(): string {
  if (process.env['npm_config_user_agent']?.startsWith('pnpm/')) return 'pnpm';
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    packageManager: string;
  };
  return `npx --yes ${packageManager}`;
}
