/**
 * `pnpm bench:parse [--json]`: reading and writing messages beside other people's parsers, in one run.
 *
 * Levels: parse (octets to a message); fields (and the seven fields of a transaction layer read); deep (and every
 * structured header down to host, port and parameters); build200 (a 200 with SDP to an INVITE, to octets);
 * serializeInvite. All take turns; medians of CPU time; what they read and write is compared first.
 * The last line with --json is one object: µs a message on the mix by level and contender, null where there is none.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { messages, VARIANTS } from '../packages/message/bench/messages.ts';
import { type CParser, compiled, type CTask, LIBRARIES } from './c-parsers.ts';
import { checkAnswer, checkC, checkInvite, checkReaders } from './check.ts';
import type { Contender } from './contender.ts';
import { drachtio } from './contenders/drachtio.ts';
import { floor } from './contenders/floor.ts';
import { jssip } from './contenders/jssip.ts';
import { sip } from './contenders/sip.ts';
import { sipjs } from './contenders/sipjs.ts';
import { sipx, untouched } from './contenders/sipx.ts';
import { type Job, jobOf, last, medians } from './measure.ts';
import { type Column, printTable } from './table.ts';

const contenders: readonly Contender[] = [sipx, floor, sip, drachtio, jssip, sipjs];
const names = [...messages.keys()];
/** A message of each kind, again and again, no two alike. */
const mix = Array.from({ length: VARIANTS }, (_, n) =>
  names.map((name) => variant(name, n)),
).flat();
const invites = messages.get('INVITE') ?? [];

const cParsers = Object.keys(LIBRARIES).flatMap((name): CParser[] => {
  const parser = compiled(name as keyof typeof LIBRARIES, mix);
  if (!parser) console.error(`${name}: not installed, left out`);
  return parser ? [parser] : [];
});

checkReaders(contenders, mix);
for (const parser of cParsers) {
  await checkC(parser, sipx, mix);
  checkInvite(parser.name, await parser.text(names.indexOf('INVITE')), variant('INVITE', 0));
}

const readers = (level: 'parse' | 'fields' | 'deep', inputs: readonly Buffer[]): Job[] =>
  contenders.flatMap((one) => {
    const task = one[level];
    return task ? [jobOf(one.name, inputs, task)] : [];
  });

const writers = (level: 'answerer' | 'writer', check: typeof checkInvite): Job[] =>
  contenders.flatMap((one) => {
    const make = one[level];
    if (!make) return [];
    const tasks = invites.map((invite) => make(invite));
    for (const [n, task] of tasks.entries()) check(one.name, task(), variant('INVITE', n));
    return [jobOf(one.name, tasks, (task) => task())];
  });

const inC = (task: CTask, first: number, step: number): Job[] =>
  cParsers.map(({ name, time }) => ({
    name,
    time: (loops, part) => time(task, first, step, part, loops),
  }));

const oneKind = (level: 'parse' | 'fields' | 'deep', name: string): Promise<Column> => {
  const jobs = [
    ...readers(level, messages.get(name) ?? []),
    ...inC(level, names.indexOf(name), names.length),
  ];
  return medians(jobs, VARIANTS, 1);
};

const onMix = (level: 'parse' | 'fields' | 'deep'): Promise<Column> =>
  medians([...readers(level, mix), ...inC(level, 0, 1)], mix.length, names.length);

const result: Record<string, Column> = {
  parse: await onMix('parse'),
  fields: await onMix('fields'),
  deep: await onMix('deep'),
  build200: await medians(writers('answerer', checkAnswer), VARIANTS, 1),
  serializeInvite: await medians(
    [
      ...writers('writer', checkInvite),
      jobOf('sipx, as it came', invites.map(untouched), (task) => task()),
      ...inC('serialize', names.indexOf('INVITE'), names.length),
    ],
    VARIANTS,
    1,
  ),
};
for (const name of names) result[name] = await oneKind('fields', name);
for (const parser of cParsers) parser.close();
if (last === undefined) console.error('nothing was measured');

const heap = heapOf();
const everybody = [...contenders.map(({ name }) => name), ...Object.keys(LIBRARIES)];
const levels = ['parse', 'fields', 'deep', 'build200', 'serializeInvite'];
const columnsOf = (wanted: readonly string[]): [string, Column][] =>
  wanted.map((name) => [name, result[name] ?? new Map()]);

console.log(`\nµs a message on the mix (${mix.length} messages), and times sipx's`);
printTable(columnsOf(levels), [...everybody, 'sipx, as it came'], 'sipx');
console.log("\nµs a message with its seven fields, by kind, and times the floor's");
printTable(columnsOf(['fields', ...names]), everybody, 'floor');
console.log(
  `\nA parsed INVITE of 900 octets, seven fields read, keeps ${heap} octets, its own included.`,
);

if (process.argv.includes('--json')) {
  const values = levels.map((level) => [
    level,
    Object.fromEntries(everybody.map((name) => [name, rounded(result[level]?.get(name))])),
  ]);
  console.log(JSON.stringify({ ...Object.fromEntries(values), heapBytesPerMessage: heap }));
}

function variant(name: string, n: number): Buffer {
  const bytes = messages.get(name)?.[n];
  if (!bytes) throw new Error(`no ${name} ${n}`);
  return bytes;
}

function heapOf(): number {
  const file = fileURLToPath(new URL('../../packages/message/bench/heap.ts', import.meta.url));
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=@sipx/source', file, '--json'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const { heap: objects, buffers } = JSON.parse(line) as { heap: number; buffers: number };
  // The octets are its text.
  return objects + buffers;
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toFixed(3));
}
