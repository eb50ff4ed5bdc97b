import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binOf, pack, run } from '../../scripts/tools.ts';

const REGISTER = [
  'REGISTER sip:example.com SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-pack',
  'Max-Forwards: 70',
  'From: <sip:alice@example.com>;tag=1',
  'To: <sip:alice@example.com>',
  'Call-ID: pack@192.0.2.1',
  'CSeq: 7 REGISTER',
  'Content-Length: 0',
].join('\\r\\n');
const BYTES = `new TextEncoder().encode('${REGISTER}\\r\\n\\r\\n')`;
const SAY = `console.log(message.type, message.cseq.sequence, message.from.tag);`;
const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 4000 RTP/AVP 0',
].join('\\r\\n');

/** `@sipx/message` as it would be published, with contracts beside it, in a folder that has nothing else. */
describe('@sipx/message from its tarball', () => {
  let folder: string;
  const inFolder = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  // The shims of pnpm name a folder in which CommonJS finds every dependency of this repository.
  const env = { ...process.env, NODE_PATH: '' };
  const node = (file: string) => run(process.execPath, [file], { cwd: folder, env });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'message-'));
    const tarballs = await Promise.all([
      pack('packages/contracts', folder),
      pack('packages/message', folder),
    ]);
    inFolder('package.json', '{ "private": true }');
    const quoted = tarballs.map((tarball) => `"${tarball}"`).join(' ');
    const installed = await run(`npm install --no-audit --no-fund --ignore-scripts ${quoted}`, [], {
      cwd: folder,
      shell: true,
    });
    expect(installed, installed.output).toMatchObject({ code: 0 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('parses as an ES module', async () => {
    inFolder(
      'esm.mjs',
      `import { parseMessage } from '@sipx/message';\nconst message = parseMessage(${BYTES});\n${SAY}`,
    );
    expect(await node('esm.mjs')).toEqual({ code: 0, output: 'request 7 1\n' });
  });

  test('parses as CommonJS', async () => {
    inFolder(
      'cjs.cjs',
      `const { parseMessage } = require('@sipx/message');\nconst message = parseMessage(${BYTES});\n${SAY}`,
    );
    expect(await node('cjs.cjs')).toEqual({ code: 0, output: 'request 7 1\n' });
  });

  test('reads a body by its subpath, both ways', async () => {
    const say = `const body = SDPBody.parse('${SDP}\\r\\n');\nconsole.log(body.media[0].port);`;
    for (const subpath of ['bodies', 'bodies/sdp']) {
      const file = subpath.replace('/', '-');
      inFolder(`${file}.mjs`, `import { SDPBody } from '@sipx/message/${subpath}';\n${say}`);
      inFolder(`${file}.cjs`, `const { SDPBody } = require('@sipx/message/${subpath}');\n${say}`);
      expect(await node(`${file}.mjs`)).toEqual({ code: 0, output: '4000\n' });
      expect(await node(`${file}.cjs`)).toEqual({ code: 0, output: '4000\n' });
    }
  });

  test.each(['mts', 'cts'])(
    'has its types in a .%s file, without those of Node',
    async (extension) => {
      inFolder(
        `typed.${extension}`,
        [
          "import { type Message, parseMessage } from '@sipx/message';",
          'export const message: Message = parseMessage(new Uint8Array());',
          'export const sequence: number = message.cseq.sequence;',
          '// @ts-expect-error: a number is no string, so the types are there',
          'export const wrong: string = message.cseq.sequence;',
        ].join('\n'),
      );
      const compilerOptions = { strict: true, module: 'nodenext', noEmit: true, types: [] };
      inFolder('tsconfig.json', JSON.stringify({ compilerOptions, files: [`typed.${extension}`] }));
      const args = [binOf('typescript', 'tsc'), '-p', '.'];
      expect(await run(process.execPath, args, { cwd: folder })).toEqual({ code: 0, output: '' });
    },
  );

  test('brings contracts and the two parsers of bodies, and what those bring', async () => {
    const { output } = await run('npm ls --depth=1 --parseable', [], { cwd: folder, shell: true });
    const names = output
      .split(/\r?\n/)
      .flatMap((path) => path.replaceAll('\\', '/').split('/node_modules/').slice(1));
    expect(names.toSorted()).toEqual([
      '@sipx/contracts',
      '@sipx/message',
      'fast-xml-parser',
      'sdp-transform',
    ]);
  });

  test.each([
    { parser: 'sdp-transform', without: ['bodies-sdp', 'bodies'] },
    { parser: 'fast-xml-parser', without: ['bodies'] },
  ])('loads $parser with no entry but its own', async ({ parser, without }) => {
    const home = join(folder, 'node_modules', parser);
    renameSync(home, `${home}-away`);
    try {
      for (const extension of ['mjs', 'cjs']) {
        const format = extension === 'mjs' ? 'esm' : 'cjs';
        expect(await node(`${format}.${extension}`)).toMatchObject({ code: 0 });
        for (const file of ['bodies-sdp', 'bodies']) {
          const code = without.includes(file) ? 1 : 0;
          expect(await node(`${file}.${extension}`), file).toMatchObject({ code });
        }
      }
    } finally {
      renameSync(`${home}-away`, home);
    }
  });
});
