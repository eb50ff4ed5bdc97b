/** `pnpm check:pack`: every package as its users get it, from its tarball: publint and are-the-types-wrong. Needs a build. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floors } from '../floors.ts';
import { binOf, pack, runBin } from './tools.ts';

const publint = binOf('publint');
const attw = binOf('@arethetypeswrong/cli', 'attw');
/** Resolution as Node 10 did it knows no `exports`: subpaths are for those that do. */
const profile = 'node16';

const folder = mkdtempSync(join(tmpdir(), 'pack-'));
try {
  const waiting = Object.values(floors).filter((floor) => floor.folder.startsWith('packages/'));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await check(next.folder);
  };
  await Promise.all([work(), work()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function check(home: string): Promise<void> {
  const tarball = await pack(home, folder);
  const outcomes = [
    await runBin(publint, ['run', tarball, '--strict']),
    await runBin(attw, [
      tarball,
      '--profile',
      profile,
      '--no-color',
      '--no-emoji',
      '--format',
      'ascii',
    ]),
  ];
  const wrong = outcomes.filter(({ code }) => code !== 0);
  console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${home}`);
  for (const { output } of wrong) console.log(output);
  if (wrong.length > 0) process.exitCode = 1;
}
