import { afterAll, describe, expect, it } from 'vitest';
import { isEvent, isKind, TimedPlay, TIMERS } from './play.ts';
import { listed, readTable } from './table-file.ts';

const LIVES = readTable('lives.tsv', ['life', 'machine', 'transport', 'events', 'heard']);

/** `0,500 send request` is `0 send request`, `500 send request`. */
const spread = (heard: string): readonly string[] => {
  const [times = '', ...word] = heard.split(' ');
  return times.split(',').map((time) => [time, ...word].join(' '));
};

describe('on the clock', () => {
  const fired = new Set<string>();

  it.each(LIVES)('$life', ({ machine, transport, events, heard }) => {
    if (!isKind(machine)) throw new TypeError(`no machine: ${machine}`);
    const play = new TimedPlay(machine, transport === 'reliable');
    for (const { at, event } of listed(events, '; ').map(timed)) play.until(at).do(event);
    play.until(200_000);
    expect(play.log).toEqual(listed(heard, '; ').flatMap(spread));
    expect(play.manager.gauges).toMatchObject({ transactions: 0, timers: 0, bytesKept: 0 });
    for (const timer of play.fired) fired.add(timer);
  });

  afterAll(() => {
    expect([...fired].sort(), 'each timer fires in some life').toEqual([...TIMERS]);
  });
});

const timed = (cell: string): { at: number; event: Parameters<TimedPlay['do']>[0] } => {
  const space = cell.indexOf(' ');
  const event = cell.slice(space + 1);
  if (!isEvent(event)) throw new TypeError(`no event: ${event}`);
  return { at: Number(cell.slice(0, space)), event };
};
