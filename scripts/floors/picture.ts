import type { Floor } from '../../floors.ts';

/** The floors as a Mermaid picture and a table, as docs/architecture.md shows them. */
export function picture(floors: Readonly<Record<string, Floor>>): string {
  return `${mermaid(floors)}\n\n${table(floors)}`;
}

/** The packages with their jobs, as the README shows them. */
export function packageList(floors: Readonly<Record<string, Floor>>): string {
  const rows = byFloor(floors)
    .filter(([, { folder }]) => folder.startsWith('packages/'))
    .map(([name, { folder, job }]) => `| [\`${name}\`](${folder}/README.md) | ${job} |`);
  return ['| package | its job |', '|---|---|', ...rows].join('\n');
}

/** `text` with what stands between the markers called `name` replaced by `drawn`. */
export function between(
  text: string,
  name: string,
  drawn: string,
  by = '`pnpm floors:write` from floors.ts',
): string {
  const start = `<!-- ${name}: written by ${by} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(`<!-- /${name} -->`);
  if (from < 0 || to < from) return `no markers called ${name}`;
  return `${text.slice(0, from + start.length)}\n\n${drawn}\n\n${text.slice(to)}`;
}

function mermaid(floors: Readonly<Record<string, Floor>>): string {
  const heights = [...new Set(Object.values(floors).map(({ floor }) => floor))].sort(fromTheTop);
  const rooms = heights.flatMap((height) => [
    `  subgraph floor_${height}["${height === 'beside' ? 'beside the house' : `floor ${height}`}"]`,
    '    direction LR',
    ...Object.entries(floors)
      .filter(([, floor]) => floor.floor === height)
      .map(([name]) => `    ${id(name)}["${short(name)}"]`),
    '  end',
  ]);
  return ['```mermaid', 'flowchart TD', ...rooms, ...stairs(floors), '```'].join('\n');
}

/** An arrow only where no other way leads down already: the whole table of imports would be a thicket. */
function stairs(floors: Readonly<Record<string, Floor>>): string[] {
  const below = (name: string): string[] => [
    ...(floors[name]?.workspace ?? []),
    ...Object.keys(floors[name]?.workspaceOnlyIn ?? {}),
  ];
  const reach = (name: string): Set<string> =>
    new Set(below(name).flatMap((other) => [other, ...reach(other)]));
  return Object.keys(floors).flatMap((name) => {
    const near = below(name).filter(
      (other) => !below(name).some((step) => step !== other && reach(step).has(other)),
    );
    return near.map((other) => `  ${id(name)} --> ${id(other)}`);
  });
}

function table(floors: Readonly<Record<string, Floor>>): string {
  const rows = byFloor(floors)
    .map(([name, floor]) =>
      [
        floor.floor,
        `[\`${name}\`](../${floor.folder}/README.md)`,
        floor.job,
        names([...floor.workspace.map(short), ...onlyIn(floor.workspaceOnlyIn)]),
        names([...floor.npm, ...onlyIn(floor.npmOnlyIn)]),
        nodeModules(floor),
      ].join(' | '),
    )
    .map((row) => `| ${row} |`);
  return [
    '| floor | package | its job | imports of the workspace | from npm | `node:` |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function byFloor(floors: Readonly<Record<string, Floor>>): [string, Floor][] {
  return Object.entries(floors).sort(([, a], [, b]) => fromTheTop(a.floor, b.floor));
}

function fromTheTop(a: number | 'beside', b: number | 'beside'): number {
  return (b === 'beside' ? -1 : b) - (a === 'beside' ? -1 : a);
}

function onlyIn(files: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(files).map(([name, file]) => `${short(name)} (\`${file}\` alone)`);
}

function nodeModules({ node }: Floor): string {
  if (typeof node === 'string') return `\`${node}\` alone`;
  return node ? 'yes' : 'no';
}

const names = (list: readonly string[]): string => list.join(', ') || 'nothing';
const short = (name: string): string => name.replace('@sipx/', '');
const id = (name: string): string => short(name).replace(/\W/g, '_');
