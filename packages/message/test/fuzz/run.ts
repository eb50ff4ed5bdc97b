/**
 * `pnpm fuzz --seconds N [--seed S] [--from I] [--json]`: random messages, octets changed here and there, and
 * shapes that grow, until the time is over. The same seed gives the same inputs; `--from` begins with a later one.
 * `pnpm fuzz --replay file…` checks octets that were kept.
 *
 * What fails is made as short as it can be, printed, and kept in `crashers` beside this file. Fails when
 * something was found; the last line with --json is one object.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Finding, faultOf, Fuzzer } from './fuzz.ts';
import { GROWTH } from './growth.ts';
import { growths } from './growths.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    replay: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

/** Longer than any pause of the machine. */
const HANGS = 20_000;
const folder = new URL('crashers/', import.meta.url);
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const findings: Finding[] = [];

const found = (finding: Finding): void => {
  const same = findings.filter(({ what }) => what === finding.what).length;
  findings.push(finding);
  if (same > 2) return;
  const { kind, what, input, octets } = finding;
  console.log(`\n${kind}: ${what}\n  --seed ${seed} --from ${input}`);
  if (!octets) return;
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${kind}-${seed}-${input}`, folder);
  writeFileSync(file, octets);
  console.log(`  ${JSON.stringify(Buffer.from(octets).toString('latin1').slice(0, 2_000))}`);
  console.log(`  kept as ${file.pathname}`);
};

/** The inputs one after the other, in a process that is ended when one of them does not end. */
const fuzz = async (milliseconds: number): Promise<number> => {
  const first = Number(values.from);
  const place = join(mkdtempSync(join(tmpdir(), 'sipx-fuzz-')), 'input');
  let next = first;
  // From the first input on: to load the sources takes its time.
  let until = Number.POSITIVE_INFINITY;
  while (performance.now() < until) {
    const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), [
      String(seed),
      String(next),
      place,
    ]);
    let ended = false;
    child.on('message', (message) => found(asFinding(message)));
    // Out of memory, or worse.
    child.once('exit', (code, signal) => {
      ended = true;
      found({ kind: 'exits', what: `by ${code ?? signal}`, input: inputAt(place) });
    });
    let seen = -1;
    let since = performance.now();
    while (!ended && performance.now() < until) {
      await later(100);
      const input = inputAt(place);
      if (input !== seen) [seen, since] = [input, performance.now()];
      if (input >= 0) until = Math.min(until, performance.now() + milliseconds);
      if (performance.now() - since < HANGS) continue;
      const octets = new Fuzzer(seed).octets(input);
      found({ kind: 'hangs', what: `no end after ${HANGS / 1_000} s`, input, octets });
      break;
    }
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    if (inputAt(place) < 0) break;
    next = inputAt(place) + 1;
  }
  rmSync(dirname(place), { recursive: true });
  return next - first;
};

/** Where the child is. */
const inputAt = (place: string): number => {
  if (!existsSync(place)) return -1;
  const bytes = readFileSync(place);
  return bytes.length < 8 ? -1 : bytes.readDoubleLE();
};

/** Octets come as numbers through the pipe. */
const asFinding = (message: unknown): Finding => {
  const { octets, ...finding } = message as Omit<Finding, 'octets'> & { octets?: number[] };
  return octets ? { ...finding, octets: Uint8Array.from(octets) } : finding;
};

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** As long as there is time. */
const grow = async (milliseconds: number): Promise<number> => {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), milliseconds);
  let count = 0;
  for await (const [name, growth] of growths(2, [], over.signal)) {
    count += 1;
    if (growth <= GROWTH || (await growsLess(name, over.signal))) continue;
    const what = `a message of twice as many ${name} takes ${growth.toFixed(2)} times as long`;
    found({ kind: 'grows', what, input: -1 });
  }
  clearTimeout(timer);
  return count;
};

/** Once more and further, in case it was the machine. */
const growsLess = async (name: string, signal: AbortSignal): Promise<boolean> => {
  for await (const [, growth] of growths(3, [name], signal)) return growth <= GROWTH;
  return true;
};

const replay = (): void => {
  for (const file of positionals) {
    const fault = faultOf(readFileSync(file));
    console.log(`${file}: ${fault instanceof Error ? fault.stack : 'well'}`);
    if (fault) process.exitCode = 1;
  }
};

const run = async (): Promise<void> => {
  console.log(`--seed ${seed}`);
  const growing = Math.min(seconds / 3, 60) * 1_000;
  const inputs = (await fuzz(seconds * 1_000 - growing)) + (await grow(growing));
  console.log(`${inputs} inputs in ${seconds} s, ${findings.length} findings`);
  if (findings.length > 0) process.exitCode = 1;
  if (!values.json) return;
  const shown = findings.map(({ kind, what, input }) => ({ kind, what, input }));
  console.log(JSON.stringify({ seconds, seed, inputs, findings: shown }));
};

if (values.replay) replay();
else await run();
