import { systemClock } from '@sipx/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_767_225_600_000 });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('fires not before the delay, and soon after it', () => {
    const clock = systemClock();
    const started = clock.now();
    let fired: number | undefined;
    clock.start(500, () => {
      fired = clock.now() - started;
    });
    vi.advanceTimersByTime(499);
    expect(fired).toBeUndefined();
    vi.advanceTimersByTime(20);
    expect(fired).toBeGreaterThanOrEqual(500);
    expect(fired).toBeLessThanOrEqual(515);
  });

  it('never fires synchronously, and not at all once cancelled', () => {
    const clock = systemClock();
    const fired: string[] = [];
    clock.start(0, () => fired.push('kept'));
    clock.start(0, () => fired.push('cancelled')).cancel();
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(fired).toEqual(['kept']);
  });

  it('asks nothing of the platform while no timer waits', () => {
    const clock = systemClock();
    clock.start(10, () => {});
    const cancelled = clock.start(60_000, () => {});
    expect(vi.getTimerCount()).toBe(1);
    cancelled.cancel();
    vi.advanceTimersByTime(30);
    expect(vi.getTimerCount()).toBe(0);
    // And wakes from its rest, however long.
    vi.advanceTimersByTime(3_600_000);
    let fired = false;
    clock.start(100, () => {
      fired = true;
    });
    vi.advanceTimersByTime(99);
    expect(fired).toBe(false);
    vi.advanceTimersByTime(20);
    expect(fired).toBe(true);
  });

  it('goes on after a timer that throws', () => {
    const clock = systemClock();
    let fired = 0;
    clock.start(10, () => {
      throw new RangeError('thrown');
    });
    clock.start(10, () => {
      fired += 1;
    });
    expect(() => vi.advanceTimersByTime(20)).toThrow('thrown');
    vi.advanceTimersByTime(20);
    expect(fired).toBe(1);
  });

  it('tells the date', () => {
    expect(systemClock().wallTime()).toBe(1_767_225_600_000);
  });
});
