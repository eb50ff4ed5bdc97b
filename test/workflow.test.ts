import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, test } from 'vitest';
import { root } from '../scripts/tools.ts';

const folder = join(root, '.github/workflows');

describe('the workflows', () => {
  test.each(readdirSync(folder))('%s keeps the schema of GitHub workflows', (name) => {
    expect(faultsOf(name, readFileSync(join(folder, name), 'utf8'))).toEqual([]);
  });

  test('run on every Node that the packages support, and on three systems', () => {
    const text = readFileSync(join(folder, 'ci.yml'), 'utf8');
    for (const part of ['20', '22', '24', 'ubuntu-', 'macos-', 'windows-'])
      expect(text).toContain(part);
  });
});

describe('the schema', () => {
  const steps = 'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n';
  test.each([
    ['an unknown key', `${steps}      - run: ls\n        runs: ls\n`],
    ['a step that does nothing', `${steps}      - name: nothing\n`],
    ['a job that runs nowhere', 'on: push\njobs:\n  test:\n    steps:\n      - run: ls\n'],
    ['an unknown event', `${steps}      - run: ls\n`.replace('push', 'pushed')],
    ['no YAML at all', 'on: [push\njobs: }'],
  ])('refuses %s', (_, text) => {
    expect(faultsOf('wrong.yml', text)).not.toEqual([]);
  });

  test('lets the same without the fault pass', () => {
    expect(faultsOf('right.yml', `${steps}      - run: ls\n`)).toEqual([]);
  });
});

function faultsOf(name: string, content: string): string[] {
  const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}
