import type { IdSource } from '@sipx/contracts';
import { seededRandom } from './seeded-random.ts';

/** Ids that repeat from run to run. Give each endpoint of a test a seed of its own, else their ids are equal. */
export class SeededIds implements IdSource {
  readonly random: () => number;

  constructor(seed: number | string) {
    this.random = seededRandom(seed);
  }

  token(): string {
    let token = '';
    for (let i = 0; i < 4; i += 1) {
      // Bit 24 is set so that the width is fixed: five base-32 digits, 24 bits of them random.
      token += (0x100_0000 | Math.floor(this.random() * 0x100_0000)).toString(32);
    }
    return token;
  }
}
