import type { Message } from 'sipx';
import type { Colour, Paint } from '../colour.ts';
import { printable } from '../printable.ts';
import type { Passage } from './wire-log.ts';

export interface LadderOptions {
  /** Columns from left to right; whoever else appears gets one behind them. */
  readonly parties: readonly string[];
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

/** The column of times, in milliseconds from the first message. */
const TIME = 9;
const NARROWEST = 18;
const WIDEST = 48;

/** Messages between parties as a diagram: time runs down, each party is a line, each message an arrow. */
export const ladder = (passages: readonly Passage[], options: LadderOptions): string[] => {
  const { paint, width } = options;
  const parties = [
    ...new Set([...options.parties, ...passages.flatMap(({ from, to }) => [from, to])]),
  ];
  const gap = gapFor(parties, width);
  const columns = new Map(parties.map((party, i) => [party, TIME + 2 + i * gap]));
  const start = passages[0]?.at ?? 0;
  return [
    header(columns, paint),
    ...passages.map((passage) => row(passage, start, columns, paint)),
  ];
};

/**
 * `INVITE + SDP`, `200 OK (INVITE)`; the same bytes once more are marked. Where there is no room for all of it, the
 * method of a response goes first.
 */
export const labelOf = (
  message: Message,
  repeated: boolean = false,
  room: number = Number.POSITIVE_INFINITY,
): string => {
  const body = /^application\/sdp/i.test(message.headers.raw('Content-Type') ?? '') ? ' + SDP' : '';
  const rest = `${body}${repeated ? ' again' : ''}`;
  if (message.type === 'request') return fitted(printable(`${message.method}${rest}`), room);
  const what = `${message.status} ${message.reason}`;
  const whole = printable(`${what} (${message.cseq.method})${rest}`);
  return whole.length <= room ? whole : fitted(printable(`${what}${rest}`), room);
};

const fitted = (text: string, room: number): string =>
  text.length > room ? `${text.slice(0, room - 1)}…` : text;

export const colourOf = (message: Message): Colour => {
  if (message.type === 'request') return 'cyan';
  if (message.provisional) return 'blue';
  if (message.ok) return 'green';
  return message.status === 401 || message.status === 407 ? 'yellow' : 'red';
};

const gapFor = (parties: readonly string[], width: number): number => {
  const last = parties.at(-1)?.length ?? 0;
  const room = Math.floor((width - TIME - 2 - last) / Math.max(1, parties.length - 1));
  return Math.max(NARROWEST, Math.min(WIDEST, room));
};

const header = (columns: ReadonlyMap<string, number>, paint: Paint): string => {
  let line = 'ms'.padStart(TIME);
  for (const [party, at] of columns) line = `${line.padEnd(at)}${party} `;
  return paint('bold', line.trimEnd());
};

const row = (
  { at, from, to, message, repeated }: Passage,
  start: number,
  columns: ReadonlyMap<string, number>,
  paint: Paint,
): string => {
  const a = columns.get(from) ?? 0;
  const b = columns.get(to) ?? 0;
  const [left, right] = [Math.min(a, b), Math.max(a, b)];
  const length = right - left - 1;
  // A head, a dash and the spaces around the label are left at least.
  const label = message ? labelOf(message, repeated, Math.max(1, length - 4)) : '?';
  const arrow = arrowOf(label, length, a < b);
  const time = (at - start).toFixed(1).padStart(TIME);
  const lines = lifelines(columns);
  return [
    paint('dim', time + lines.slice(TIME, left + 1)),
    message ? paint(colourOf(message), arrow) : arrow,
    paint('dim', lines.slice(right).trimEnd()),
  ].join('');
};

const lifelines = (columns: ReadonlyMap<string, number>): string => {
  let line = '';
  for (const at of columns.values()) line = `${line.padEnd(at)}│`;
  return line;
};

/** Exactly `length` characters, the head at the receiver's end. */
const arrowOf = (label: string, length: number, rightward: boolean): string => {
  const shaft = Math.max(0, length - 3 - label.length);
  const tail = '─'.repeat(Math.ceil(shaft / 2));
  const tip = '─'.repeat(Math.floor(shaft / 2));
  return rightward ? `${tail} ${label} ${tip}▶` : `◀${tip} ${label} ${tail}`;
};
