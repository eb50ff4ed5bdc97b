import { MessageParser, responseTo, serialize } from '@sipx/message';
import { validate } from '@sipx/message/validate';
import { parseBody } from '@sipx/message/bodies';
import { coded } from './check.ts';

/** How many times as long twice the size may take: linear time, and what caches and collectors add. */
export const GROWTH = 2.3;

/** Octets: smaller ones fit into caches and the young heap, and grow out of them. */
const SIZE = 1 << 17;
/** ms */
const LEAST = 3;
const LEAST_ROUNDS = 2;
const MOST_ROUNDS = 16;

/**
 * How many times as long a message of twice the size takes. Each size counts by the least time of several tries,
 * since others use the machine too, and of several doublings the least counts: where a cache or the heap becomes
 * too small there is one step, and what is not linear is so everywhere. It tries again as long as the result is
 * too much, for nothing makes a machine too fast.
 * @param clock ms
 */
export const growthOf = (
  make: (size: number) => Uint8Array,
  doublings: number,
  clock: () => number,
): number => {
  const sizes = Array.from({ length: doublings + 1 }, (_, n) => make(SIZE * 2 ** n));
  const times = sizes.map(() => Number.POSITIVE_INFINITY);
  for (let round = 1; ; round += 1) {
    for (const [n, octets] of sizes.entries()) {
      const began = clock();
      readWhole(octets);
      times[n] = Math.min(times[n] ?? 0, clock() - began);
    }
    // Whatever is refused at once takes no time that could be compared.
    if ((times.at(-1) ?? 0) < LEAST) return 0;
    const growth = Math.min(...times.slice(1).map((time, n) => time / (times[n] ?? time)));
    if (round >= LEAST_ROUNDS && (growth <= GROWTH || round >= MOST_ROUNDS)) return growth;
  }
};

const parser = new MessageParser({
  limits: { head: 2 ** 26, headers: 2 ** 22, uri: 2 ** 26, body: 2 ** 26 },
});

/** What is done with a message, whatever its size. */
export const readWhole = (octets: Uint8Array): void => {
  const message = coded(() => parser.parse(octets));
  if (!message) return;
  validate(message);
  const names = new Set([...message.headers].map(([name]) => name));
  for (const name of names) coded(() => message.headers.getAll(name).map(String));
  if (message.type === 'request') {
    coded(() => String(message.uri));
    serialize(responseTo(message, 400, { toTag: 'x' }));
  }
  void String(coded(() => parseBody(message)));
  serialize(message);
};
