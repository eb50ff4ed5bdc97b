import fc from 'fast-check';
import { message } from './arbitraries.ts';
import { checkMessage, checkOctets } from './check.ts';
import { readCorpus } from './corpus.ts';
import { makeInput } from './inputs.ts';
import { minimised } from './minimise.ts';
import { Random } from './random.ts';

export interface Finding {
  /** 'throws', 'slow', 'hangs' or 'grows'. */
  readonly kind: string;
  readonly what: string;
  /** Gives the same input again, with the same seed. */
  readonly input: number;
  /** Undefined for a message that fast-check made: `what` has it. */
  readonly octets?: Uint8Array;
}

/** CPU time that no input of a datagram's size may take; a garbage collection takes less. */
const SLOW = 1_000;

/**
 * Checks the nth input of a seed: the same for the same two numbers. Every 16th is a message as a program makes
 * it, and the others are octets.
 */
export class Fuzzer {
  private readonly seed: number;
  private readonly corpus: readonly Buffer[];

  constructor(seed: number) {
    this.seed = seed;
    this.corpus = readCorpus();
  }

  check(input: number): Finding | undefined {
    return input % 16 === 15 ? this.checkMade(input) : this.checkOctets(input);
  }

  octets(input: number): Buffer {
    return makeInput(new Random(Math.imul(this.seed, 0x9e3779b1) + input), this.corpus);
  }

  private checkOctets(input: number): Finding | undefined {
    const octets = this.octets(input);
    const began = performance.now();
    const fault = faultOf(octets);
    const spent = performance.now() - began;
    if (fault) {
      const same = (other: Uint8Array): boolean => sameFault(faultOf(other), fault);
      const short = minimised(octets, same, 2_000);
      return { kind: 'throws', what: told(faultOf(short) ?? fault), input, octets: short };
    }
    if (spent < SLOW || again(octets) < SLOW) return undefined;
    return { kind: 'slow', what: `${Math.round(spent)} ms`, input, octets };
  }

  private checkMade(input: number): Finding | undefined {
    const result = fc.check(fc.property(message, checkMessage), {
      seed: this.seed + input,
      numRuns: 1,
      verbose: 0,
    });
    if (!result.failed) return undefined;
    const { errorInstance: error, counterexample } = result;
    const shown = counterexample?.map((made) => JSON.stringify([...made.headers]));
    return { kind: 'throws', what: `${told(error)}\n${shown?.join('\n')}`, input };
  }
}

export const faultOf = (octets: Uint8Array): unknown => {
  try {
    checkOctets(octets);
    return undefined;
  } catch (error) {
    return error;
  }
};

/** A slow machine is no finding: the least of three. */
const again = (octets: Uint8Array): number =>
  Math.min(
    ...[1, 2, 3].map(() => {
      const began = performance.now();
      faultOf(octets);
      return performance.now() - began;
    }),
  );

/** By where it comes from, and the beginning of what it says. */
const sameFault = (one: unknown, other: unknown): boolean =>
  one instanceof Error &&
  other instanceof Error &&
  one.name === other.name &&
  one.message.slice(0, 12) === other.message.slice(0, 12) &&
  placeOf(one) === placeOf(other);

const placeOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /packages[\\/]message[\\/](?:src|test)/.test(line))
    .slice(0, 2)
    .map((line) => line.trim().replace(/^.*packages[\\/]message[\\/]([^)]*)\)?$/, '$1'))
    .join(' < ');

const told = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}\n  ${placeOf(error)}` : String(error);
