/** `pnpm floors`: refuses imports against floors.ts, a package.json that disagrees, and a stale picture; `--write` draws the pictures anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { floors } from '../floors.ts';
import { cruiseFloors } from './floors/cruise.ts';
import { manifestFaults, readManifests } from './floors/manifests.ts';
import { between, packageList, picture } from './floors/picture.ts';
import { root } from './tools.ts';

/** The cruiser passes on nothing read (it reads no TypeScript without a compiler that it knows). */
const FEWEST_MODULES = 100;

/** The documents that show the table, and what stands between their markers. */
const shown = [
  { file: 'docs/architecture.md', name: 'floors', drawn: picture(floors) },
  { file: 'README.md', name: 'packages', drawn: packageList(floors) },
];

async function check(): Promise<string[]> {
  const { modules, violations } = await cruiseFloors(root);
  console.log(`floors: ${modules.length} modules read`);
  return [
    ...violations.map(({ rule, from, to, why }) => `${from} → ${to}\n    ${rule}: ${why}`),
    ...manifestFaults(readManifests(root), floors),
    ...(modules.length < FEWEST_MODULES ? [`only ${modules.length} modules were read`] : []),
    ...shown
      .filter(({ file, name, drawn }) => read(file) !== between(read(file), name, drawn))
      .map(({ file }) => `${file} does not show floors.ts as it is: pnpm floors:write`),
  ];
}

const read = (file: string): string =>
  readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');

if (process.argv.includes('--write')) {
  for (const { file, name, drawn } of shown) {
    writeFileSync(join(root, file), between(read(file), name, drawn));
  }
} else {
  const faults = await check();
  for (const fault of faults) console.error(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
