import { UsageError } from '@sipx/contracts';
import { ManualClock } from '@sipx/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('ManualClock', () => {
  it('fires by deadline, then by order of starting, at the exact time', () => {
    const clock = new ManualClock();
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
    clock.start(20, note('late'));
    clock.start(10, note('first'));
    clock.start(10, note('second'));
    clock.advance(15);
    expect(fired).toEqual(['first@10', 'second@10']);
    expect(clock.now()).toBe(15);
    clock.advance(5);
    expect(fired.at(-1)).toBe('late@20');
  });

  it('fires timers started on the way, never synchronously', () => {
    const clock = new ManualClock();
    const fired: number[] = [];
    const again = (): void => {
      fired.push(clock.now());
      if (fired.length < 4) clock.start(5, again);
    };
    clock.start(0, again);
    expect(fired).toEqual([]);
    clock.advance(12);
    expect(fired).toEqual([0, 5, 10]);
    expect(clock.pending).toBe(1);
  });

  it('forgets a cancelled timer, and only that one', () => {
    const clock = new ManualClock();
    const fired: string[] = [];
    const timers = ['a', 'b', 'c'].map((name) => clock.start(1, () => fired.push(name)));
    timers[1]?.cancel();
    timers[1]?.cancel();
    expect(clock.pending).toBe(2);
    clock.advance(1);
    timers[0]?.cancel();
    expect(fired).toEqual(['a', 'c']);
    expect(clock.pending).toBe(0);
  });

  it('tells wall time from its epoch', () => {
    const clock = new ManualClock({ epoch: 1000 });
    clock.advance(234);
    expect(clock.wallTime()).toBe(1234);
  });

  it('agrees with a sorted list, whatever is started and cancelled', () => {
    const timers = fc.array(fc.record({ delay: fc.nat(50), cancelled: fc.boolean() }));
    fc.assert(
      fc.property(timers, (plan) => {
        const clock = new ManualClock();
        const fired: number[] = [];
        const started = plan.map(({ delay }, i) => clock.start(delay, () => fired.push(i)));
        for (const [i, { cancelled }] of plan.entries()) if (cancelled) started[i]?.cancel();
        clock.advance(50);
        const expected = plan
          .map(({ delay, cancelled }, i) => ({ delay, cancelled, i }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.delay - b.delay || a.i - b.i)
          .map(({ i }) => i);
        expect(fired).toEqual(expected);
      }),
    );
  });

  it('runFor lets promises settle between timers', async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.start(ms, resolve));
    const work = async (): Promise<void> => {
      await wait(10);
      seen.push(`one@${clock.now()}`);
      await wait(10);
      seen.push(`two@${clock.now()}`);
    };
    const done = work();
    await clock.runFor(20);
    expect(seen).toEqual(['one@10', 'two@20']);
    await done;
  });

  it('runUntil settles as the promise does, at its time', async () => {
    const clock = new ManualClock();
    const value = await clock.runUntil(
      new Promise((resolve) => clock.start(32_000, () => resolve('late'))),
    );
    expect([value, clock.now()]).toEqual(['late', 32_000]);
    const failure = new UsageError('SIPX_USAGE', 'no');
    await expect(clock.runUntil(Promise.reject(failure))).rejects.toBe(failure);
  });

  it('runUntil refuses a promise that no timer settles', async () => {
    const clock = new ManualClock();
    const never = new Promise(() => {});
    await expect(clock.runUntil(never)).rejects.toMatchObject({ code: 'SIPX_USAGE_STATE' });
    clock.start(100, () => {});
    await expect(clock.runUntil(never, 99)).rejects.toMatchObject({ code: 'SIPX_USAGE_STATE' });
  });

  it('stops timers that start each other without end', () => {
    const clock = new ManualClock();
    const again = (): void => void clock.start(0, again);
    again();
    expect(() => clock.advance(1)).toThrow(UsageError);
  });
});
