import type { IForbiddenRuleType } from 'dependency-cruiser';
import type { Floor } from '../../floors.ts';

/** The dependency-cruiser rules that the table of floors stands for; each comment says why. */
export function rulesOf(floors: Readonly<Record<string, Floor>>): IForbiddenRuleType[] {
  return [
    ...everywhere,
    ...Object.entries(floors).flatMap(([name, floor]) => rulesOfPackage(name, floor, floors)),
  ];
}

const everywhere: IForbiddenRuleType[] = [
  {
    name: 'no-circle',
    comment:
      'Modules that need each other are one idea in two files, or one of them is on the wrong floor. Types that name each other (a Response its Request) are gone when it runs.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-deep-import',
    comment:
      "A package is used through its exports, by name: another package's src is its own business.",
    severity: 'error',
    from: { path: '^(packages|apps)/([^/]+)/' },
    to: { path: '^(packages|apps)/(?!$2/)[^/]+/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-deep-import-from-root',
    comment:
      'Root tests and scripts use the packages as their users do: through their exports, by name.',
    severity: 'error',
    from: { path: '^(test|scripts)/' },
    to: { path: '^packages/[^/]+/src/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-unresolved',
    comment: 'What cannot be resolved cannot be checked either.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'sources-import-no-tests',
    comment: 'Tests and benchmarks are not shipped.',
    severity: 'error',
    from: { path: '^(packages|apps)/[^/]+/src/' },
    to: { path: '^(test|scripts|(packages|apps)/[^/]+/(test|bench))/' },
  },
];

function rulesOfPackage(
  name: string,
  floor: Floor,
  floors: Readonly<Record<string, Floor>>,
): IForbiddenRuleType[] {
  const src = `^${floor.folder}/src/`;
  const only = { ...floor.workspaceOnlyIn };
  const allowed = [
    floor.folder,
    ...[...floor.workspace, ...Object.keys(only)].map((w) => folderOf(w, floors)),
  ];
  const npm = [...floor.npm, ...Object.keys(floor.npmOnlyIn ?? {})];
  const rules: IForbiddenRuleType[] = [
    {
      name: `${name}: floor`,
      comment: `${name} (floor ${floor.floor}) imports ${list(floor.workspace)} of the workspace and nothing sideways or above: ${floor.job}.`,
      severity: 'error',
      from: { path: src },
      to: { path: '^(packages|apps)/', pathNot: `^(${allowed.map(escape).join('|')})/` },
    },
    {
      name: `${name}: npm`,
      comment: `${name} needs ${list(npm)} from npm; each further dependency is one that all its users install.`,
      severity: 'error',
      from: { path: src },
      to: {
        path: 'node_modules/',
        ...(npm.length > 0 && { pathNot: `node_modules/(${npm.map(escape).join('|')})/` }),
      },
    },
  ];
  if (floor.node !== true) {
    rules.push({
      name: `${name}: node`,
      comment:
        typeof floor.node === 'string'
          ? `${name} touches Node's modules in ${floor.node} alone, so that the rest runs in a browser.`
          : `${name} uses no Node module: it runs in a browser too, and its tests need no machine.`,
      severity: 'error',
      from: {
        path: src,
        ...(typeof floor.node === 'string' && {
          pathNot: `^${escape(`${floor.folder}/${floor.node}`)}$`,
        }),
      },
      to: { dependencyTypes: ['core'] },
    });
  }
  for (const [other, file] of Object.entries(only)) {
    rules.push({
      name: `${name}: ${other} in one file`,
      comment: `${name} reaches ${other} through ${file} alone, so that whoever does not use it does not load it.`,
      severity: 'error',
      from: { path: src, pathNot: `^${escape(`${floor.folder}/${file}`)}` },
      to: { path: `^${escape(folderOf(other, floors))}/` },
    });
  }
  for (const [other, part] of Object.entries(floor.npmOnlyIn ?? {})) {
    rules.push({
      name: `${name}: ${other} in ${part}`,
      comment: `${name} loads ${other} in ${part} alone: the core entry does not bring it.`,
      severity: 'error',
      from: { path: src, pathNot: `^${escape(`${floor.folder}/${part}`)}` },
      to: { path: `node_modules/${escape(other)}/` },
    });
  }
  for (const [one, other] of floor.apart ? [floor.apart, [...floor.apart].reverse()] : []) {
    rules.push({
      name: `${name}: ${one} apart`,
      comment: `${one} and ${other} are subpaths of ${name} that can be used one without the other.`,
      severity: 'error',
      from: { path: `^${escape(`${floor.folder}/${one}`)}` },
      to: { path: `^${escape(`${floor.folder}/${other}`)}` },
    });
  }
  rules.push({
    name: `${name}: tests`,
    comment: `Tests of ${name} import it, what it imports, and @sipx/testing; a test of several floors belongs into the root test/.`,
    severity: 'error',
    from: { path: `^${floor.folder}/(test|bench)/` },
    to: {
      path: '^(packages|apps)/',
      pathNot: `^(${[...allowed, ...testFolders(floor, floors)].map(escape).join('|')})/`,
    },
  });
  return rules;
}

/** Contracts' tests go without @sipx/testing: it depends on contracts, and a circle of packages cannot be built. */
function testFolders(floor: Floor, floors: Readonly<Record<string, Floor>>): string[] {
  return floor.floor === 0 ? [] : [folderOf('@sipx/testing', floors)];
}

function folderOf(name: string, floors: Readonly<Record<string, Floor>>): string {
  return floors[name]?.folder ?? name;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
