import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { floors } from '../floors.ts';
import { binOf, root, runBin } from '../scripts/tools.ts';

/** Examples are whole modules: what a reader copies must compile against the packages as they are. */
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
  ...Object.values(floors).map(({ folder }) => `${folder}/README.md`),
].filter((file) => file.endsWith('.md') && existsSync(join(root, file)));

interface Example {
  readonly document: string;
  readonly line: number;
  readonly text: string;
  readonly file: string;
}

describe('the examples', () => {
  const examples = documents.flatMap(examplesOf);
  let folder: string;
  let output: string;

  beforeAll(async () => {
    // Below the root, so that the packages are found by name.
    folder = mkdtempSync(join(root, '.examples-'));
    for (const { file, text } of examples) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const tsconfig = {
      extends: '../tsconfig.base.json',
      compilerOptions: {
        isolatedDeclarations: false,
        declaration: false,
        moduleDetection: 'force',
      },
      // With what the sources declare of packages that ship no types.
      include: ['*.ts', '../packages/*/src/**/*.d.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    ({ output } = await runBin(binOf('typescript7', 'tsc'), ['-p', '.', '--pretty', 'false'], {
      cwd: folder,
    }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(examples)('$document:$line compiles', ({ file, line }) => {
    const faults = output.split(/\r?\n/).filter((fault) => fault.startsWith(`${file}(`));
    expect(faults, `the example begins in line ${line}`).toEqual([]);
  });

  test('compile with the sources they use', () => {
    expect(output).toBe('');
  });

  test.each(Object.entries(floors).filter(([, { folder: home }]) => home.startsWith('packages/')))(
    '%s has one',
    (_, { folder: home }) => {
      expect(examples.some(({ document }) => document === `${home}/README.md`)).toBe(true);
    },
  );

  test('are in the README of the repository', () => {
    expect(examples.filter(({ document }) => document === 'README.md').length).toBeGreaterThan(1);
  });
});

function examplesOf(document: string): Example[] {
  const markdown = readFileSync(join(root, document), 'utf8').replaceAll('\r\n', '\n');
  return [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map((fence, index) => ({
    document,
    line: markdown.slice(0, fence.index).split('\n').length,
    text: fence[1] ?? '',
    file: `${document.replace(/\W/g, '-')}-${index}.ts`,
  }));
}

test('every place that names pnpm names the same', () => {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
  const named = ['README.md', 'CONTRIBUTING.md', '.github/workflows/ci.yml'].flatMap(
    (file) => read(file).match(/pnpm@[\d.]+/g) ?? [],
  );
  expect(new Set(named)).toEqual(new Set([packageManager]));
});

describe('the files that the documents name', () => {
  const named = documents.flatMap((document) =>
    [
      ...readFileSync(join(root, document), 'utf8').matchAll(
        /`((?:packages|apps|scripts|test)\/[\w./-]+\.\w+)`/g,
      ),
    ].map(([, file]) => ({ document, file: file ?? '' })),
  );

  test.each(named)('$document: $file', ({ file }) => {
    expect(existsSync(join(root, file))).toBe(true);
  });
});
