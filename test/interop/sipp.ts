import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, LOCALHOST } from './free-port.ts';
import { DOMAIN, PASSWORDS } from './kamailio.ts';
import { program } from './programs.ts';

export type Protocol = 'udp' | 'tcp';

/** SIPp's own counts at its end. */
export interface SippCounts {
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Messages that came when their call was over, or that no call knows. */
  readonly stray: number;
  /** What the scenario counts as `repeats`; NaN where it does not count. */
  readonly repeats: number;
  /** What it complained of; for whoever reads a failure. */
  readonly complaints: string;
}

export interface SippOptions {
  readonly protocol: Protocol;
  readonly calls: number;
  /** A file of the folder `sipp`. */
  readonly scenario?: string;
  /** Each repeated message is one that the scenario expects; SIPp itself repeats none. */
  readonly repeats?: boolean;
}

export interface CallerOptions extends SippOptions {
  /** The user to call. */
  readonly service: string;
  /** Where it sends everything: to the phone, or to the proxy before it. */
  readonly remotePort: number;
  /** Calls a second. */
  readonly rate: number;
  /** Calls at once, at most. */
  readonly concurrent: number;
  /** A global variable of the scenario to set. */
  readonly set?: string | undefined;
}

/** SIPp ends itself after this many seconds, and is killed after some more. */
const LIMIT = 45;

const STATISTICS = 'statistics.csv';
const COMPLAINTS = 'errors.log';

/** One run of SIPp with a scenario of ours, as user bob. */
export class Sipp {
  readonly port: number;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown>;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#process = child;
    this.#exit = once(child, 'exit');
  }

  /** Calls, and ends by itself after the last call. */
  static caller(options: CallerOptions): Promise<Sipp> {
    const { service, remotePort, rate, concurrent, set, scenario = 'uac.xml' } = options;
    return Sipp.#start(scenario, options, [
      ...['-s', service, '-au', 'bob', '-ap', PASSWORDS.bob, '-auth_uri', `${service}@${DOMAIN}`],
      ...['-r', String(rate), '-l', String(concurrent)],
      ...(set === undefined ? [] : ['-set', set, 'true']),
      `${LOCALHOST}:${remotePort}`,
    ]);
  }

  /** Waits to be called, and ends by itself after the last call. Resolves once its port is bound. */
  static called(options: SippOptions): Promise<Sipp> {
    return Sipp.#start(options.scenario ?? 'uas.xml', options, []);
  }

  static async #start(
    scenario: string,
    { protocol, calls, repeats = false }: SippOptions,
    more: readonly string[],
  ): Promise<Sipp> {
    const folder = await mkdtemp(join(tmpdir(), 'sipx-interop-sipp-'));
    const ports = [await freePort(), await freePort(), await freePort()].map(String);
    const [port = '', mediaPort = '', controlPort = ''] = ports;
    const file = fileURLToPath(new URL(`sipp/${scenario}`, import.meta.url));
    const watcher = watch(folder);
    // The file of statistics is made once the sockets are bound.
    const bound = new Promise<void>((resolve) => {
      watcher.on('change', (_, name) => name === STATISTICS && resolve());
    });
    const child = spawn(
      program('sipp'),
      [
        ...['-sf', file, '-t', protocol === 'udp' ? 'u1' : 't1', '-m', String(calls)],
        ...['-i', LOCALHOST, '-p', port, '-mi', LOCALHOST, '-mp', mediaPort],
        ...['-ci', LOCALHOST, '-cp', controlPort, '-nostdin'],
        ...['-trace_stat', '-stf', STATISTICS, '-fd', '1'],
        ...['-trace_err', '-error_file', COMPLAINTS],
        ...['-timeout', `${LIMIT}s`, '-timeout_error', ...(repeats ? ['-nr'] : []), ...more],
      ],
      { cwd: folder, stdio: 'ignore', timeout: (LIMIT + 10) * 1000, killSignal: 'SIGKILL' },
    );
    const sipp = new Sipp(Number(port), folder, child);
    await Promise.race([bound, sipp.#exit]);
    watcher.close();
    return sipp;
  }

  /** What it counted, once it has ended. */
  async counts(): Promise<SippCounts> {
    await this.#exit;
    const [csv, complaints] = await Promise.all([
      readFile(join(this.#folder, STATISTICS), 'utf8').catch(() => ''),
      readFile(join(this.#folder, COMPLAINTS), 'utf8').catch(() => ''),
    ]);
    const lines = csv.trimEnd().split('\n');
    const names = lines[0]?.split(';') ?? [];
    const last = lines.at(-1)?.split(';') ?? [];
    const count = (name: string): number => Number(last[names.indexOf(name)] ?? Number.NaN);
    return {
      successful: count('SuccessfulCall(C)'),
      failed: count('FailedCall(C)'),
      retransmissions: count('Retransmissions(C)'),
      stray: count('OutOfCallMsgs(C)') + count('DeadCallMsgs(C)'),
      repeats: count('repeats(C)'),
      complaints: complaints.slice(0, 4_000),
    };
  }

  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) this.#process.kill('SIGKILL');
    await this.#exit;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
