import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { floors } from '../../floors.ts';
import { root, run } from '../../scripts/tools.ts';

/** As built: the condition that leads to the sources is one that no user sets. */
const node = (code: string) => run(process.execPath, ['-e', code], { cwd: root });

describe('every entry', () => {
  const names = `Object.keys(all).filter((name) => !/^(default|module\\.exports)$/.test(name)).sort().join()`;

  test.each(entries())('%s has the same names for import and require', async (entry) => {
    const [required, imported] = await Promise.all([
      node(`const all = require('${entry}'); console.log(${names});`),
      node(`import('${entry}').then((all) => console.log(${names}));`),
    ]);
    expect(required.output).toMatch(/^\w+(,\w+)*\n$/);
    expect(imported).toEqual(required);
  });
});

describe('the umbrella', () => {
  const lazy = ['transport-udp', 'transport-tcp', 'sdp-transform'];

  test.each([
    { entry: 'sipx', loads: [] },
    { entry: 'sipx/transports', loads: ['transport-udp', 'transport-tcp'] },
    { entry: 'sipx/bodies', loads: ['sdp-transform'] },
  ])('$entry loads $loads of what not everybody needs', async ({ entry, loads }) => {
    const { output } = await node(
      `require('${entry}'); console.log(Object.keys(require.cache).join('\\n'));`,
    );
    const files = output.replaceAll('\\', '/');
    expect(files).toContain('/packages/sipx/dist/');
    expect(lazy.filter((name) => files.includes(`/${name}/`))).toEqual(loads);
  });
});

/** Every subpath of every package, but for what runs in a test runner alone. */
function entries(): string[] {
  return Object.entries(floors)
    .filter(([, { folder }]) => folder.startsWith('packages/'))
    .flatMap(([name, { folder }]) => {
      const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
        exports: Record<string, unknown>;
      };
      return Object.keys(exports)
        .filter((subpath) => !['./package.json', './conformance'].includes(subpath))
        .map((subpath) => `${name}${subpath.slice(1)}`);
    });
}
