import { dialogFromResponse, dialogMoves, type TransactionKind } from '@sipx/fsm';
import { ABANDON, type Arrow, request, response, walk } from './walk.ts';

/** A machine's table as a Mermaid state diagram. */
export function machinePicture(kind: TransactionKind): string {
  const { initial, keeps, arrows } = walk(kind);
  const states = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))];
  for (const state of states) {
    if (
      state === 'terminated' ||
      arrows.some(({ from, event }) => from === state && event === ABANDON)
    )
      continue;
    throw new RangeError(`${kind}: ${state} cannot be abandoned, and the text says that all can`);
  }
  return diagram([
    ...states.map((state) => {
      const timers = keeps.get(state) ?? [];
      return `state "${[state, ...timers].join(' ')}" as ${state}`;
    }),
    `[*] --> ${initial}`,
    ...merged(arrows.filter(({ event }) => event !== ABANDON)),
    'terminated --> [*]',
  ]);
}

/** The life of a dialog: what makes one, and where it goes. */
export function dialogPicture(): string {
  const invite = request('INVITE');
  const made = (status: number): string =>
    dialogFromResponse(invite, response(invite, status)).state;
  return diagram([
    `[*] --> ${made(180)} : 101-199 with a To tag`,
    `[*] --> ${made(200)} : 2xx`,
    ...Object.entries(dialogMoves).flatMap(([from, moves]) =>
      moves.map((to) => `${from} --> ${to}${to === 'confirmed' ? ' : 2xx' : ''}`),
    ),
    'terminated --> [*]',
  ]);
}

/** Events that do the same share an arrow. */
function merged(arrows: readonly Arrow[]): string[] {
  const shared = new Map<string, string[]>();
  for (const { from, event, to, effects } of arrows) {
    const does = effects.length > 0 ? ` / ${effects.join(', ')}` : '';
    const key = `${from} --> ${to} : %${does}`;
    const events = shared.get(key) ?? [];
    shared.set(key, [...events, event]);
  }
  return [...shared].map(([key, events]) => key.replace('%', events.join(' or ')));
}

const diagram = (lines: readonly string[]): string =>
  ['```mermaid', 'stateDiagram-v2', ...lines.map((line) => `  ${line}`), '```'].join('\n');
