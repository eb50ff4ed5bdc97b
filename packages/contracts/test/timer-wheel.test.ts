import { TimerWheel } from '@sipx/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('TimerWheel', () => {
  it('fires in the first advance at or after the deadline, and once', () => {
    const wheel = new TimerWheel(5, 8, 0);
    const fired: number[] = [];
    wheel.start(12, () => fired.push(12));
    wheel.advance(12);
    expect(fired).toEqual([]);
    wheel.advance(15);
    wheel.advance(100);
    expect(fired).toEqual([12]);
    expect(wheel.size).toBe(0);
  });

  it('never fires in the advance that has passed', () => {
    const wheel = new TimerWheel(5, 8, 100);
    const fired: string[] = [];
    wheel.start(0, () => fired.push('overdue'));
    wheel.advance(104);
    expect(fired).toEqual([]);
    wheel.advance(105);
    expect(fired).toEqual(['overdue']);
  });

  it('waits more turns than one', () => {
    const wheel = new TimerWheel(5, 8, 0);
    const fired: number[] = [];
    wheel.start(5, () => fired.push(5));
    wheel.start(5 + 3 * 40, () => fired.push(125));
    for (let now = 0; now <= 120; now += 5) wheel.advance(now);
    expect(fired).toEqual([5]);
    wheel.advance(125);
    expect(fired).toEqual([5, 125]);
  });

  it('keeps the order of deadlines over a pause longer than a turn', () => {
    const wheel = new TimerWheel(1, 8, 0);
    const fired: number[] = [];
    for (const deadline of [5, 1, 30, 12, 3, 12]) wheel.start(deadline, () => fired.push(deadline));
    wheel.advance(29);
    expect(fired).toEqual([1, 3, 5, 12, 12]);
    wheel.advance(30);
    expect(fired).toEqual([1, 3, 5, 12, 12, 30]);
  });

  it('lets a timer start and cancel others while it fires', () => {
    const wheel = new TimerWheel(1, 8, 0);
    const fired: string[] = [];
    wheel.start(1, () => {
      fired.push('first');
      victim.cancel();
      wheel.start(3, () => fired.push('started'));
    });
    const victim = wheel.start(1, () => fired.push('victim'));
    wheel.advance(2);
    expect(fired).toEqual(['first']);
    wheel.advance(3);
    expect(fired).toEqual(['first', 'started']);
  });

  it.each([{ pause: 1 }, { pause: 20 }])(
    'fires the others in the next advance when one throws (after a pause of $pause)',
    ({ pause }) => {
      const wheel = new TimerWheel(1, 8, 0);
      const fired: string[] = [];
      wheel.start(1, () => fired.push('before'));
      wheel.start(1, () => {
        throw new RangeError('thrown');
      });
      wheel.start(1, () => fired.push('after'));
      expect(() => wheel.advance(pause)).toThrow('thrown');
      expect(fired).toEqual(['before']);
      wheel.advance(pause + 1);
      expect(fired).toEqual(['before', 'after']);
      expect(wheel.size).toBe(0);
    },
  );

  it('agrees with a sorted list, whatever is started, cancelled and slept through', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('start' as const), n: fc.nat(30) }),
      fc.record({ do: fc.constant('cancel' as const), n: fc.nat(20) }),
      fc.record({ do: fc.constant('advance' as const), n: fc.nat(50) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 7 }),
        (steps, tick) => {
          const wheel = new TimerWheel(tick, 4, 0);
          const fired: number[] = [];
          const timers: { due: number; id: number; cancel: () => void }[] = [];
          let waiting: { due: number; id: number }[] = [];
          const expected: number[] = [];
          let now = 0;
          for (const { do: what, n } of steps) {
            if (what === 'start') {
              const id = timers.length;
              // What is due by the tick under way is due in the next one.
              const due = Math.max(Math.ceil((now + n) / tick), Math.floor(now / tick) + 1);
              const timer = wheel.start(now + n, () => fired.push(id));
              timers.push({ due, id, cancel: () => timer.cancel() });
              waiting.push({ due, id });
            } else if (what === 'cancel') {
              const timer = timers[n];
              timer?.cancel();
              waiting = waiting.filter(({ id }) => id !== timer?.id);
            } else {
              now += n;
              wheel.advance(now);
              const target = Math.floor(now / tick);
              const ready = waiting.filter(({ due }) => due <= target);
              ready.sort((a, b) => a.due - b.due || a.id - b.id);
              expected.push(...ready.map(({ id }) => id));
              waiting = waiting.filter(({ due }) => due > target);
            }
            expect(fired).toEqual(expected);
            expect(wheel.size).toBe(waiting.length);
          }
        },
      ),
    );
  });
});
