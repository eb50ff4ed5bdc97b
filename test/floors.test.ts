import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { floors } from '../floors.ts';
import { cruiseFloors, type Violation } from '../scripts/floors/cruise.ts';
import { type Manifest, manifestFaults, readManifests } from '../scripts/floors/manifests.ts';
import { between, packageList, picture } from '../scripts/floors/picture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A small house of its own: each file, what it imports, and the rule that must refuse it (none: it is allowed). */
const house: { file: string; text: string; refusedBy?: string }[] = [
  {
    file: 'packages/message/src/a.ts',
    text: "import '@sipx/transport';",
    refusedBy: '@sipx/message: floor',
  },
  {
    file: 'packages/message/src/b.ts',
    text: "import type { X } from '@sipx/transport'; export type Y = X;",
    refusedBy: '@sipx/message: floor',
  },
  {
    file: 'packages/message/src/c.ts',
    text: "export const load = () => import('@sipx/transport');",
    refusedBy: '@sipx/message: floor',
  },
  {
    file: 'packages/message/src/d.ts',
    text: "import '@sipx/auth';",
    refusedBy: '@sipx/message: floor',
  },
  {
    file: 'packages/message/src/e.ts',
    text: "import 'sdp-transform';",
    refusedBy: '@sipx/message: sdp-transform in src/bodies/sdp/',
  },
  {
    file: 'packages/message/src/bodies/xml/a.ts',
    text: "import 'sdp-transform';",
    refusedBy: '@sipx/message: sdp-transform in src/bodies/sdp/',
  },
  {
    file: 'packages/message/src/bodies/sdp/b.ts',
    text: "import 'fast-xml-parser';",
    refusedBy: '@sipx/message: fast-xml-parser in src/bodies/xml/',
  },
  {
    file: 'packages/message/src/f.ts',
    text: "import 'eventemitter3';",
    refusedBy: '@sipx/message: npm',
  },
  { file: 'packages/message/src/bodies/sdp/sdp.ts', text: "import 'sdp-transform';" },
  { file: 'packages/message/src/g.ts', text: "import '@sipx/contracts';" },
  { file: 'packages/fsm/src/a.ts', text: "import 'node:dgram';", refusedBy: '@sipx/fsm: node' },
  { file: 'packages/fsm/src/b.ts', text: "import 'dgram';", refusedBy: '@sipx/fsm: node' },
  {
    file: 'packages/fsm/src/transaction/a.ts',
    text: "import '../dialog/a.ts';",
    refusedBy: '@sipx/fsm: src/transaction/ apart',
  },
  { file: 'packages/fsm/src/dialog/a.ts', text: 'export const a = 1;' },
  {
    file: 'packages/fsm/src/c.ts',
    text: "import '../../message/src/index.ts';",
    refusedBy: 'no-deep-import',
  },
  {
    file: 'packages/fsm/src/d.ts',
    text: "import '@sipx/message/src/index.ts';",
    refusedBy: 'no-unresolved',
  },
  {
    file: 'packages/fsm/src/e.ts',
    text: "import '../test/a.test.ts';",
    refusedBy: 'sources-import-no-tests',
  },
  {
    file: 'packages/fsm/test/a.test.ts',
    text: "import '@sipx/fsm'; import '@sipx/testing'; import 'node:fs';",
  },
  {
    file: 'packages/fsm/test/b.test.ts',
    text: "import '@sipx/client';",
    refusedBy: '@sipx/fsm: tests',
  },
  { file: 'packages/fsm/src/f.ts', text: "import '@sipx/testing';", refusedBy: '@sipx/fsm: floor' },
  {
    file: 'packages/contracts/src/a.ts',
    text: "import '@sipx/testing';",
    refusedBy: '@sipx/contracts: floor',
  },
  {
    file: 'packages/contracts/test/a.test.ts',
    text: "import '@sipx/testing';",
    refusedBy: '@sipx/contracts: tests',
  },
  {
    file: 'packages/client/src/a.ts',
    text: "import '@sipx/server';",
    refusedBy: '@sipx/client: floor',
  },
  {
    file: 'packages/client/src/b.ts',
    text: "import '@sipx/transport-udp';",
    refusedBy: '@sipx/client: floor',
  },
  { file: 'packages/endpoint/src/dns.ts', text: "import 'node:dns/promises';" },
  {
    file: 'packages/endpoint/src/a.ts',
    text: "import 'node:dns/promises';",
    refusedBy: '@sipx/endpoint: node',
  },
  {
    file: 'packages/endpoint/src/b.ts',
    text: "import '@sipx/transport-udp';",
    refusedBy: '@sipx/endpoint: @sipx/transport-udp in one file',
  },
  { file: 'packages/endpoint/src/transports.ts', text: "import '@sipx/transport-udp';" },
  { file: 'packages/transport-udp/src/a.ts', text: "import 'node:dgram';" },
  { file: 'packages/session/src/here.ts', text: "import './there.ts';", refusedBy: 'no-circle' },
  {
    file: 'packages/session/src/one.ts',
    text: "import type { B } from './two.ts'; export type A = B;",
  },
  { file: 'packages/session/src/two.ts', text: "import './one.ts'; export type B = string;" },
  // The other half of that circle: it is told once.
  { file: 'packages/session/src/there.ts', text: "import './here.ts';" },
  { file: 'test/a.test.ts', text: "import '@sipx/client'; import '@sipx/server';" },
  {
    file: 'test/b.test.ts',
    text: "import '../packages/client/src/index.ts';",
    refusedBy: 'no-deep-import-from-root',
  },
];

describe('the rules made from floors.ts', () => {
  let folder: string;
  let violations: readonly Violation[];

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'floors-')));
    build(folder);
    ({ violations } = await cruiseFloors(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(house)('$text in $file', ({ file, refusedBy }) => {
    const rules = violations.filter(({ from }) => from === file).map(({ rule }) => rule);
    if (refusedBy === undefined) expect(rules).toEqual([]);
    else expect(rules).toContain(refusedBy);
  });

  test('each refusal says why', () => {
    for (const { rule, why } of violations) expect(why, rule).toMatch(/.{20}/);
  });

  test('every table row was built', () => {
    expect(violations.length).toBeGreaterThanOrEqual(house.filter((f) => f.refusedBy).length);
  });
});

describe('the tree', () => {
  test('is read whole and keeps the rules', async () => {
    const { modules, violations } = await cruiseFloors(root);
    expect(modules.length).toBeGreaterThan(100);
    const read = new Set(modules.map((path) => path.split('/').slice(0, 2).join('/')));
    for (const { folder } of Object.values(floors)) expect(read).toContain(folder);
    expect(violations).toEqual([]);
  });

  test('has package.json files that agree with floors.ts', () => {
    expect(manifestFaults(readManifests(root), floors)).toEqual([]);
  });
});

describe('a package.json that disagrees with floors.ts', () => {
  const changed = (folder: string, change: Partial<Manifest>): string[] => {
    const manifests = readManifests(root);
    manifests.set(folder, { ...(manifests.get(folder) ?? { name: '' }), ...change });
    return manifestFaults(manifests, floors);
  };

  test('is named when it lists too much', () => {
    const dependencies = { '@sipx/contracts': '*', '@sipx/message': '*', '@sipx/client': '*' };
    expect(changed('packages/fsm', { dependencies })).toEqual([
      '@sipx/fsm depends on @sipx/client, floors.ts does not allow it',
    ]);
  });

  test('is named when it lists too little', () => {
    expect(changed('packages/fsm', { dependencies: { '@sipx/contracts': '*' } })).toEqual([
      'floors.ts lets @sipx/fsm import @sipx/message, its package.json does not list it',
    ]);
  });

  test('is named when floors.ts does not know it', () => {
    expect(changed('packages/new', { name: '@sipx/new' })).toEqual([
      'packages/new holds @sipx/new, floors.ts does not',
    ]);
  });
});

test('a table with a sideways import is refused', () => {
  const client = floors['@sipx/client'];
  if (!client) expect.unreachable();
  const sideways = {
    ...floors,
    '@sipx/client': { ...client, workspace: [...client.workspace, '@sipx/server'] },
  };
  expect(manifestFaults(readManifests(root), sideways)).toContain(
    '@sipx/client (floor 6) imports @sipx/server (floor 6): only downward, never sideways',
  );
});

describe('the picture', () => {
  test('shows every package and one arrow a way down', () => {
    const drawn = picture(floors);
    for (const name of Object.keys(floors)) expect(drawn).toContain(`\`${name}\``);
    expect(drawn).toContain('client --> session');
    expect(drawn).not.toContain('client --> contracts');
  });

  test('lists what is published in the README', () => {
    expect(packageList(floors)).toContain('[`sipx`](packages/sipx/README.md)');
    expect(packageList(floors)).not.toContain('softphone');
  });

  test('is put between its markers, whatever stood there', () => {
    const start = '<!-- floors: written by `pnpm floors:write` from floors.ts -->';
    const once = between(`a\n${start}\nold\n<!-- /floors -->\nb\n`, 'floors', 'new');
    expect(once).toBe(`a\n${start}\n\nnew\n\n<!-- /floors -->\nb\n`);
    expect(between(once, 'floors', 'new')).toBe(once);
  });
});

/** Writes the files of the house, with every package of floors.ts and the npm packages they import beside them. */
function build(folder: string): void {
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write('package.json', '{ "name": "house", "private": true, "type": "module" }');
  for (const [name, { folder: home }] of Object.entries(floors)) {
    const exports = { '.': { '@sipx/source': './src/index.ts', default: './dist/index.js' } };
    write(`${home}/package.json`, JSON.stringify({ name, type: 'module', exports }));
    write(`${home}/src/index.ts`, 'export {};');
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(folder, home), link, 'junction');
  }
  for (const name of ['sdp-transform', 'fast-xml-parser', 'eventemitter3']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const { file, text } of house) write(file, text);
}
