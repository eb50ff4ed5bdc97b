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

describe('what not everybody needs', () => {
  const lazy = ['transport-udp', 'transport-tcp', 'sdp-transform', 'fast-xml-parser'];

  test.each([
    { entry: 'sipx', loads: [] },
    { entry: 'sipx/transports', loads: ['transport-udp', 'transport-tcp'] },
    { entry: 'sipx/bodies', loads: ['sdp-transform', 'fast-xml-parser'] },
    { entry: '@sipx/message', loads: [] },
    { entry: '@sipx/message/build', loads: [] },
    { entry: '@sipx/message/strict', loads: [] },
    { entry: '@sipx/message/validate', loads: [] },
    { entry: '@sipx/message/bodies', loads: ['sdp-transform', 'fast-xml-parser'] },
    { entry: '@sipx/message/bodies/sdp', loads: ['sdp-transform'] },
    { entry: '@sipx/message/bodies/xml', loads: ['fast-xml-parser'] },
  ])('$entry loads $loads', async ({ entry, loads }) => {
    const { output } = await node(
      `require('${entry}'); console.log(Object.keys(require.cache).join('\\n'));`,
    );
    const files = output.replaceAll('\\', '/');
    expect(files).toMatch(/\/packages\/(sipx|message)\/dist\//);
    expect(lazy.filter((name) => files.includes(`/${name}/`))).toEqual(loads);
  });
});

test('the entries of a package share its classes', async () => {
  const say = `console.log(
    all.SDPBody === sdp.SDPBody, all.XMLBody === xml.XMLBody,
    sdp.SDPBody.parse('v=0\\r\\no=- 1 1 IN IP4 a\\r\\n').mediaType instanceof core.MediaType,
    xml.XMLBody.parse('<a/>').mediaType instanceof core.MediaType,
    new all.BodyPart({ content: '' }).headers instanceof core.Headers,
    build.recommendedOrder(new core.Headers()) instanceof core.Headers,
    validate.inspect(Buffer.from('SIP/2.0 200 OK\\r\\n\\r\\n')).message instanceof core.Response,
  );`;
  const names = {
    core: '',
    build: '/build',
    validate: '/validate',
    all: '/bodies',
    sdp: '/bodies/sdp',
    xml: '/bodies/xml',
  };
  const load = (how: string): string =>
    Object.entries(names)
      .map(([name, subpath]) => `const ${name} = ${how}('@sipx/message${subpath}');`)
      .join('\n');
  const required = await node(`${load('require')}\n${say}`);
  const imported = await node(`(async () => {\n${load('await import')}\n${say}\n})();`);
  expect([required, imported]).toEqual(
    Array.from({ length: 2 }, () => ({ code: 0, output: `${'true '.repeat(7).trim()}\n` })),
  );
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
