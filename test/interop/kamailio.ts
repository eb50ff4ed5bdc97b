import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, LOCALHOST } from './free-port.ts';
import { program } from './programs.ts';

/** The domain of `kamailio.cfg`; no name server knows it. */
export const DOMAIN = 'interop.test';

/** The users of `kamailio.cfg`. */
export const PASSWORDS = { alice: 'wonderland', bob: 'builder' } as const;

const CONFIG = fileURLToPath(new URL('kamailio.cfg', import.meta.url));
/** Longer than any test; after that the process is killed, whatever became of its test. */
const LIFETIME = 180_000;

const run = promisify(execFile);

/** A registrar and proxy of our own, on free ports of the loopback and in a folder of its own. */
export class Kamailio {
  /** For UDP and for TCP. */
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#process = child;
  }

  /** Resolves once it serves; rejects with its own words when it does not. */
  static async start(): Promise<Kamailio> {
    const folder = await mkdtemp(join(tmpdir(), 'sipx-interop-kamailio-'));
    const port = await freePort();
    const child = spawn(
      program('kamailio'),
      [
        ...['-DD', '-E', '-m', '32', '-M', '4', '-f', CONFIG, '-Y', folder],
        ...['-A', `CONTROL="${controlOf(folder)}"`],
        ...['-l', `udp:${LOCALHOST}:${port}`, '-l', `tcp:${LOCALHOST}:${port}`],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], timeout: LIFETIME, killSignal: 'SIGKILL' },
    );
    const kamailio = new Kamailio(port, folder, child);
    try {
      await kamailio.#ready();
    } catch (error) {
      await kamailio.stop();
      throw error;
    }
    return kamailio;
  }

  /** Where `user` is registered: the Contact URIs. */
  async contacts(user: string): Promise<readonly string[]> {
    const answer = await this.#control('ul.lookup', 'location', user);
    return [...answer.matchAll(/^\s*Address: (\S+)$/gm)].map(([, uri = '']) => uri);
  }

  /** Registers these alone for `user`, by hand: for peers that cannot do it. A call to several is forked. */
  async bind(user: string, ...contacts: readonly string[]): Promise<void> {
    await this.#control('ul.rm', 'location', user);
    for (const contact of contacts) {
      await this.#control('ul.add', 'location', user, contact, '300', '1.0', 's:0', '0', '0', '0');
    }
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      const exit = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await exit;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #ready(): Promise<void> {
    return new Promise((ready, failed) => {
      const said: string[] = [];
      const { stderr } = this.#process;
      if (!stderr) return;
      createInterface(stderr).on('line', (line) => {
        // Read on afterwards: nobody is to wait for a full pipe.
        if (line.includes('interop: ready')) ready();
        if (said.length < 50) said.push(line);
      });
      this.#process.once('error', failed);
      this.#process.once('exit', (code) =>
        failed(new Error(`kamailio ended with ${code}:\n${said.join('\n')}`)),
      );
    });
  }

  /** kamcmd tells of errors in its output alone; "not found" is an answer like others. */
  async #control(...command: string[]): Promise<string> {
    const args = ['-s', controlOf(this.#folder), ...command];
    const { stdout, stderr } = await run(program('kamcmd'), args, { timeout: 5_000 });
    const answer = `${stdout}${stderr}`;
    if (/^error:/m.test(answer) && !answer.includes('not found')) {
      throw new Error(`kamcmd ${command.join(' ')}: ${answer}`);
    }
    return answer;
  }
}

const controlOf = (folder: string): string => `unix:${folder}/control`;
