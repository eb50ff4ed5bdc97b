import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Floor } from '../../floors.ts';

/** The parts of a package.json that the table of floors speaks of. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Where a package.json and the table of floors disagree, one sentence each. */
export function manifestFaults(
  manifests: ReadonlyMap<string, Manifest>,
  floors: Readonly<Record<string, Floor>>,
): string[] {
  const byFolder = new Map(Object.entries(floors).map(([name, floor]) => [floor.folder, name]));
  const faults: string[] = [];
  for (const [folder, { name }] of manifests) {
    if (byFolder.get(folder) !== name) faults.push(`${folder} holds ${name}, floors.ts does not`);
  }
  for (const [name, floor] of Object.entries(floors)) {
    const manifest = manifests.get(floor.folder);
    if (manifest) faults.push(...dependencyFaults(name, floor, manifest));
    else faults.push(`floors.ts has ${name}, but there is no ${floor.folder}/package.json`);
    faults.push(...heightFaults(name, floor, floors));
  }
  return faults;
}

function dependencyFaults(name: string, floor: Floor, manifest: Manifest): string[] {
  // What one file alone may import is often an optional peer: whoever does not use it does not install it.
  const sometimes = new Set([
    ...Object.keys(floor.workspaceOnlyIn ?? {}),
    ...Object.keys(floor.npmOnlyIn ?? {}),
  ]);
  const may = new Set([...floor.workspace, ...floor.npm, ...sometimes]);
  const optional = Object.keys(manifest.peerDependenciesMeta ?? {}).filter(
    (peer) => manifest.peerDependenciesMeta?.[peer]?.optional,
  );
  const has = new Set([...Object.keys(manifest.dependencies ?? {}), ...optional]);
  const required = Object.keys(manifest.peerDependencies ?? {}).filter(
    (p) => !optional.includes(p),
  );
  return [
    ...[...has]
      .filter((d) => !may.has(d))
      .map((d) => `${name} depends on ${d}, floors.ts does not allow it`),
    ...[...may]
      .filter((d) => !has.has(d))
      .map((d) => `floors.ts lets ${name} import ${d}, its package.json does not list it`),
    ...required.map(
      (d) => `${name} asks its users to install ${d}: make it a dependency or optional`,
    ),
  ];
}

function heightFaults(
  name: string,
  floor: Floor,
  floors: Readonly<Record<string, Floor>>,
): string[] {
  const height = floor.floor;
  if (height === 'beside') return [];
  return [...floor.workspace, ...Object.keys(floor.workspaceOnlyIn ?? {})].flatMap((other) => {
    const below = floors[other]?.floor;
    if (below === undefined) return [`${name} imports ${other}, which is not in floors.ts`];
    return below === 'beside' || below >= height
      ? [
          `${name} (floor ${height}) imports ${other} (floor ${below}): only downward, never sideways`,
        ]
      : [];
  });
}

/** Every package.json below packages/ and apps/, by folder. */
export function readManifests(root: string): Map<string, Manifest> {
  const found = new Map<string, Manifest>();
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, group))) {
      const file = join(root, group, name, 'package.json');
      if (!existsSync(file)) continue;
      const manifest: Manifest = JSON.parse(readFileSync(file, 'utf8'));
      found.set(`${group}/${name}`, manifest);
    }
  }
  return found;
}
