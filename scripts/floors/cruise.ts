import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { type Floor, floors } from '../../floors.ts';
import { rulesOf } from './rules.ts';

export interface Cruise {
  /** Source and test modules that were read (not node_modules, not `node:`), relative to the root. */
  readonly modules: readonly string[];
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** Reads every module below `root` and says which imports the table of floors forbids. */
export async function cruiseFloors(
  root: string,
  table: Readonly<Record<string, Floor>> = floors,
): Promise<Cruise> {
  const rules = rulesOf(table);
  const { output } = await cruise(
    foldersBelow(root),
    {
      baseDir: resolve(root),
      ruleSet: { forbidden: rules },
      validate: true,
      tsPreCompilationDeps: true,
      combinedDependencies: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(dist|coverage)/' },
    },
    // The private export condition leads to the sources of a sibling: nothing needs a build.
    {
      conditionNames: ['@sipx/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  );
  const result = output as ICruiseResult;
  const whys = new Map(rules.map((rule) => [rule.name, rule.comment ?? '']));
  return {
    modules: result.modules
      .map(({ source }) => source)
      .filter((source) => /^(packages|apps|test|scripts)\//.test(source)),
    violations: result.summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle ? cycle.map(({ name }) => name).join(' → ') : to,
      why: whys.get(rule.name) ?? '',
    })),
  };
}

function foldersBelow(root: string): string[] {
  const parts = ['packages', 'apps'].flatMap((group) =>
    existsSync(join(root, group))
      ? readdirSync(join(root, group)).flatMap((name) =>
          ['src', 'test', 'bench'].map((part) => `${group}/${name}/${part}`),
        )
      : [],
  );
  return [...parts, 'test', 'scripts'].filter((folder) => existsSync(join(root, folder)));
}
