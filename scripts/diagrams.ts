/** `pnpm diagrams`: refuses state diagrams that the tables of fsm have left behind; `--write` draws them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dialogPicture, machinePicture } from './diagrams/picture.ts';
import { between } from './floors/picture.ts';
import { root } from './tools.ts';

const FILE = 'docs/state-machines.md';

const machines = [
  'invite-client',
  'non-invite-client',
  'invite-server',
  'non-invite-server',
] as const;

const drawn: readonly (readonly [name: string, picture: string])[] = [
  ...machines.map((kind) => [kind, machinePicture(kind)] as const),
  ['dialog', dialogPicture()],
];

const path = join(root, FILE);
const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
const fresh = drawn.reduce(
  (shown, [name, picture]) =>
    between(shown, name, picture, '`pnpm diagrams:write` from the tables of fsm'),
  text,
);

if (process.argv.includes('--write')) {
  writeFileSync(path, fresh);
} else if (fresh === text) {
  console.log(`diagrams: ${drawn.length} as their tables say`);
} else {
  console.error(`  ${FILE} does not show the tables as they are: pnpm diagrams:write`);
  process.exitCode = 1;
}
