import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A parser in C, in a process of its own that sleeps until it is asked. */
export interface CParser {
  readonly name: string;
  /** CPU time a message, µs, over messages first, first + step, …, `count` of them, `loops` times. */
  time(task: CTask, first: number, step: number, count: number, loops: number): Promise<number>;
  /** The seven fields of a message, and its deep tally. */
  check(message: number): Promise<string[]>;
  /** The message as it writes it. */
  text(message: number): Promise<Buffer>;
  close(): void;
}

export type CTask = 'parse' | 'fields' | 'deep' | 'serialize';

/** Name, pkg-config's name. */
export const LIBRARIES = { sofia: 'sofia-sip-ua', osip2: 'libosip2' } as const;

/** Compiles it; undefined where it, pkg-config or a C compiler is not installed. */
export const compiled = (
  name: keyof typeof LIBRARIES,
  messages: readonly Uint8Array[],
): CParser | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'sipx-bench-'));
  const program = join(folder, name);
  const file = join(folder, 'messages');
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const flags = output('pkg-config', ['--cflags', '--libs', LIBRARIES[name]]).trim().split(/\s+/);
    output('cc', ['-O2', '-o', program, source('driver'), source(name), ...flags]);
  } catch {
    clear();
    return undefined;
  }
  writeFileSync(file, Buffer.concat(messages.flatMap((bytes) => [lengthOf(bytes), bytes])));
  return started(name, spawn(program, [file], { stdio: ['pipe', 'pipe', 'inherit'] }), clear);
};

const output = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

const source = (name: string): string => fileURLToPath(new URL(`../c/${name}.c`, import.meta.url));

const lengthOf = (bytes: Uint8Array): Buffer => {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(bytes.length);
  return octets;
};

const started = (
  name: string,
  child: ChildProcessByStdio<Writable, Readable, null>,
  clear: () => void,
): CParser => {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const asked = async (question: string, answers = 1): Promise<string[]> => {
    child.stdin.write(`${question}\n`);
    const got: string[] = [];
    while (got.length < answers) {
      const line = await lines.next();
      if (line.done) throw new Error(`${name} has ended`);
      got.push(line.value);
    }
    return got;
  };
  return {
    name,
    time: async (task, first, step, count, loops) =>
      Number((await asked(`${task} ${first} ${step} ${count} ${loops}`))[0]),
    check: (message) => asked(`check ${message}`, 8),
    text: async (message) => Buffer.from((await asked(`text ${message}`))[0] ?? '', 'hex'),
    close() {
      child.stdin.end();
      clear();
    },
  };
};
