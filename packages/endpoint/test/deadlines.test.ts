import { ManualClock } from '@sipx/testing';
import { expect, test } from 'vitest';
import { Deadlines } from '../src/deadlines.ts';

const stage = () => {
  const clock = new ManualClock();
  const passed: string[] = [];
  const whose = { expired: (name: string) => void passed.push(`${name} at ${clock.now()}`) };
  return { clock, passed, whose, deadlines: new Deadlines<string>(clock) };
};

test('pass at their time, in their order, with one timer of the clock for each length', () => {
  const { clock, passed, whose, deadlines } = stage();
  deadlines.start(500, 'A', whose);
  deadlines.start(200, 'B', whose);
  clock.advance(100);
  deadlines.start(500, 'C', whose);
  expect(clock.pending).toBe(2);
  clock.advance(1_000);
  expect(passed).toEqual(['B at 200', 'A at 500', 'C at 600']);
  expect(clock.pending).toBe(0);
});

test('that are cancelled do not pass, nor leave a timer when they were the last', () => {
  const { clock, passed, whose, deadlines } = stage();
  const [first, second, third] = ['A', 'B', 'C'].map((name) => deadlines.start(500, name, whose));
  second?.cancel();
  first?.cancel();
  first?.cancel();
  clock.advance(500);
  expect(passed).toEqual(['C at 500']);
  third?.cancel();
  deadlines.start(500, 'D', whose).cancel();
  expect(clock.pending).toBe(0);
});

test('one that starts another of its length as it passes, and one that throws, stop nobody', () => {
  const { clock, passed, whose, deadlines } = stage();
  const again = {
    expired: () => {
      deadlines.start(500, 'again', whose);
      throw new RangeError('a bug');
    },
  };
  deadlines.start(500, 'A', again);
  deadlines.start(500, 'B', whose);
  expect(() => clock.advance(500)).toThrow('a bug');
  clock.advance(500);
  expect(passed).toEqual(['B at 500', 'again at 1000']);
  expect(clock.pending).toBe(0);
});
