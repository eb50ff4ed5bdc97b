/** `pnpm bench [part of a path]`: the benchmarks of every package, one after the other: together they would share a core. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { floors } from '../floors.ts';
import { root } from './tools.ts';

const wanted = process.argv[2] ?? '';
const files = Object.values(floors)
  .map(({ folder }) => `${folder}/bench`)
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith('.ts') && file.includes(wanted));

for (const file of files) {
  console.log(`\n${file}`);
  const { status } = spawnSync(process.execPath, [...process.execArgv, file], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
