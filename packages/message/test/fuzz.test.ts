import { expect, it } from 'vitest';
import { Fuzzer } from './fuzz/fuzz.ts';
import { minimised } from './fuzz/minimise.ts';

/* `pnpm fuzz` goes on from here, for as long as it is told to. */
it('the first inputs of a seed give a message or a coded error, and messages are written as they came', () => {
  const fuzzer = new Fuzzer(3261);
  const findings = Array.from({ length: 2_400 }, (_, input) => fuzzer.check(input));
  expect(findings.filter((finding) => finding !== undefined)).toEqual([]);
}, 30_000);

it('the same seed gives the same inputs, and another gives others', () => {
  const inputs = (seed: number): string[] => {
    const fuzzer = new Fuzzer(seed);
    return Array.from({ length: 50 }, (_, input) => fuzzer.octets(input).toString('latin1'));
  };
  expect(inputs(1)).toEqual(inputs(1));
  expect(inputs(1)).not.toEqual(inputs(2));
});

it('an input is made as short as what is wrong with it', () => {
  const bytes = Buffer.from(`${'a'.repeat(100)}<${'b'.repeat(77)}>c`);
  const holds = (text: Uint8Array): boolean => /<.*>/.test(Buffer.from(text).toString());
  expect(Buffer.from(minimised(bytes, holds, 5_000)).toString()).toBe('<>');
});
