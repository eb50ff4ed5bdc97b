import { UsageError } from '@sipx/contracts';
import { DEFAULT_TIMERS, timerProfile, type TimerValues } from '@sipx/fsm';
import { describe, expect, it } from 'vitest';

/** RFC 3261 table 4 and RFC 6026 8.4, 8.7, in milliseconds: on unreliable and on reliable transports. */
const cases: readonly [values: TimerValues, unreliable: string, reliable: string][] = [
  [
    DEFAULT_TIMERS,
    'B 32000 D 32000 F 32000 H 32000 I 5000 J 32000 K 5000 L 32000 M 32000',
    'B 32000 D 0 F 32000 H 32000 I 0 J 0 K 0 L 32000 M 32000',
  ],
  [
    { t1: 100, t2: 1000, t4: 2000 },
    'B 6400 D 32000 F 6400 H 6400 I 2000 J 6400 K 2000 L 6400 M 6400',
    'B 6400 D 0 F 6400 H 6400 I 0 J 0 K 0 L 6400 M 6400',
  ],
  [
    { t1: 1000, t2: 4000, t4: 5000 },
    'B 64000 D 64000 F 64000 H 64000 I 5000 J 64000 K 5000 L 64000 M 64000',
    'B 64000 D 0 F 64000 H 64000 I 0 J 0 K 0 L 64000 M 64000',
  ],
  [
    { t1: 500, t2: 4000, t4: 5000, d: 40_000 },
    'B 32000 D 40000 F 32000 H 32000 I 5000 J 32000 K 5000 L 32000 M 32000',
    'B 32000 D 0 F 32000 H 32000 I 0 J 0 K 0 L 32000 M 32000',
  ],
];

const told = (values: TimerValues, reliable: boolean): string =>
  Object.entries(timerProfile(values, reliable).start)
    .map(([name, { timer, after }]) =>
      timer === name ? `${name} ${after}` : `${name} is ${timer}`,
    )
    .join(' ');

describe('timers from T1, T2 and T4', () => {
  it.each(cases)('%o', (values, unreliable, reliable) => {
    expect(told(values, false)).toBe(unreliable);
    expect(told(values, true)).toBe(reliable);
  });

  it.each([
    [500, 4000, 3500],
    [100, 1000, 1500],
    [500, 5000, 7500],
    [500, 500, 500],
    [1000, 500, 1000],
  ])('with T1 %i and T2 %i timer E is at T2, and a 100 due, after %i ms', (t1, t2, after) => {
    expect(timerProfile({ t1, t2, t4: 5000 }, false).trying).toBe(after);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('are refused when one is %d', (t1) => {
    expect(() => timerProfile({ ...DEFAULT_TIMERS, t1 }, false)).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE' }),
    );
    expect(() => timerProfile({ ...DEFAULT_TIMERS, d: t1 }, true)).toThrow(UsageError);
  });

  it('are derived once for each set of values and sort of transport', () => {
    const values = { t1: 500, t2: 4000, t4: 5000 };
    expect(timerProfile(values, false)).toBe(timerProfile(values, false));
    expect(timerProfile(values, false)).not.toBe(timerProfile(values, true));
  });
});
