/** `pnpm floors`: refuses imports against floors.ts, and a stale picture; `--write` draws the picture anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { floors } from '../floors.ts';
import { cruiseFloors } from './floors/cruise.ts';
import { manifestFaults, readManifests } from './floors/manifests.ts';
import { picture, withPicture } from './floors/picture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = `${root}docs/architecture.md`;

/** The cruiser passes on nothing read (it reads no TypeScript without a compiler that it knows). */
const FEWEST_MODULES = 100;

async function check(): Promise<string[]> {
  const { modules, violations } = await cruiseFloors(root);
  const written = readFileSync(docs, 'utf8');
  console.log(`floors: ${modules.length} modules read`);
  return [
    ...violations.map(({ rule, from, to, why }) => `${from} → ${to}\n    ${rule}: ${why}`),
    ...manifestFaults(readManifests(root), floors),
    ...(modules.length < FEWEST_MODULES ? [`only ${modules.length} modules were read`] : []),
    ...(written === withPicture(written, picture(floors))
      ? []
      : ['docs/architecture.md shows an old picture of the floors: pnpm floors:write']),
  ];
}

if (process.argv.includes('--write')) {
  writeFileSync(docs, withPicture(readFileSync(docs, 'utf8'), picture(floors)));
} else {
  const faults = await check();
  for (const fault of faults) console.error(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
