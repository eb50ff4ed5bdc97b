import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { floors } from '../floors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const oxlint = join(
  dirname(createRequire(import.meta.url).resolve('oxlint/package.json')),
  'bin/oxlint',
);

/** A line of source and the rule that must refuse it; none: it must pass. */
const lines: { text: string; rule?: string; in?: string }[] = [
  { text: 'export const a = Math.random();', rule: 'eslint(no-restricted-properties)' },
  { text: 'export const a = Date.now();', rule: 'eslint(no-restricted-properties)' },
  { text: 'export const a = Number(new Date());', rule: 'sipx(injected-time)' },
  { text: 'export const a = Date();', rule: 'sipx(injected-time)' },
  { text: 'export const a = new Date(0).toUTCString();' },
  { text: 'export const a = performance.now();', rule: 'eslint(no-restricted-globals)' },
  { text: 'export const a = setTimeout(() => {}, 1);', rule: 'eslint(no-restricted-globals)' },
  {
    text: 'export const a = globalThis.setTimeout(() => {}, 1);',
    rule: 'eslint(no-restricted-globals)',
  },
  { text: 'export const a = setInterval(() => {}, 1);', rule: 'eslint(no-restricted-globals)' },
  { text: "console.log('a');", rule: 'eslint(no-restricted-globals)' },
  { text: "throw new Error('a');", rule: 'sipx(coded-errors)' },
  { text: "throw Error('a');", rule: 'sipx(coded-errors)' },
  { text: "throw new TypeError('a');", rule: 'sipx(coded-errors)' },
  { text: "throw new RangeError('a');", rule: 'sipx(coded-errors)' },
  { text: 'export class A extends Error {}' },
  { text: 'export const a = (x: unknown): boolean => x instanceof Error;' },
  { text: 'export const a: any = 1;', rule: 'typescript(no-explicit-any)' },
  { text: 'export const a = 1 as unknown as string;', rule: 'sipx(no-double-assertion)' },
  { text: 'export class A { b!: string }', rule: 'sipx(no-promised-field)' },
  { text: '// @ts-ignore\nexport const a = 1;', rule: 'typescript(ban-ts-comment)' },
  { text: "export const a = Buffer.from('a');", rule: 'sipx(no-buffer)' },
  { text: 'export const a = (b: Buffer): number => b.length;', rule: 'sipx(no-buffer)' },
  { text: 'export const a = globalThis.Buffer;', rule: 'sipx(no-buffer)' },
  { text: 'export const a = { Buffer: 1 }.Buffer;' },
  { text: 'export const a: typeof Buffer | undefined = globalThis.Buffer;', in: 'message' },
  {
    text: 'export const a = (b: Buffer): number => b.length;',
    in: 'message',
    rule: 'sipx(no-buffer)',
  },
  { text: "export const a = Buffer.from('a');", in: 'message', rule: 'sipx(no-buffer)' },
  { text: "export const a = Buffer.from('a');", in: 'transport-udp' },
  {
    text: 'export const a = Math.random();',
    in: 'testing',
    rule: 'eslint(no-restricted-properties)',
  },
  {
    text: 'export const a = setTimeout(() => {}, 1);',
    in: 'testing',
    rule: 'eslint(no-restricted-globals)',
  },
  { text: "throw new Error('a');", in: 'contracts', rule: 'sipx(coded-errors)' },
];

describe('the bans on packages/*/src', () => {
  let folder: string;
  let found: { code: string; filename: string; message: string }[];
  const file = (index: number): string =>
    `packages/${lines[index]?.in ?? 'fsm'}/src/line${index}.ts`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bans-'));
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
    for (const [index, { text }] of lines.entries()) write(file(index), text);
    for (const exempt of ['system-clock', 'ids']) {
      write(
        `packages/contracts/src/${exempt}.ts`,
        'export const a = [Date.now(), performance.now()];',
      );
    }
    write(
      'packages/fsm/test/a.test.ts',
      "setTimeout(() => console.log(Date.now(), new Error('a')), 1);",
    );
    write('apps/softphone/src/a.ts', "console.log(Date.now(), new Error('a'));");
    found = lint();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(lines.map((line, index) => ({ ...line, index })))(
    '$text → $rule',
    ({ rule, index }) => {
      const rules = found
        .filter(({ filename }) => filename === file(index))
        .map(({ code }) => code);
      expect(rules).toEqual(rule === undefined ? [] : [rule]);
    },
  );

  test('do not hold for the defaults in contracts, nor outside of src', () => {
    const numbered = /line\d+\.ts$/;
    expect(found.filter(({ filename }) => !numbered.test(filename))).toEqual([]);
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }

  function lint(): { code: string; filename: string; message: string }[] {
    try {
      execFileSync(process.execPath, [oxlint, '-f', 'json'], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (failure) {
      const { stdout } = failure as { stdout: string };
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: typeof found };
      return diagnostics.map((one) => ({ ...one, filename: one.filename.replaceAll('\\', '/') }));
    }
    return [];
  }
});

test('Buffer is allowed where floors.ts allows node: everywhere', () => {
  const { overrides } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
    overrides: { files: string[]; rules: Record<string, unknown> }[];
  };
  const allowed = overrides
    .filter(({ rules }) => rules['sipx/no-buffer'] === 'off')
    .flatMap(({ files }) => files);
  const withNode = Object.values(floors).filter(
    ({ node, folder }) => node === true && folder.startsWith('packages/'),
  );
  expect(allowed.toSorted()).toEqual(
    withNode.map(({ folder }) => `${folder}/src/**/*.ts`).toSorted(),
  );
});
