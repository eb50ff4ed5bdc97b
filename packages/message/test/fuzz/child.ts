/** Checks one input after the other, and tells its parent what it finds and, in a file, where it is. */
import { openSync, writeSync } from 'node:fs';
import { Fuzzer } from './fuzz.ts';

const [seed = '0', from = '0', place = ''] = process.argv.slice(2);
const file = openSync(place, 'w');
const where = new Float64Array(1);
const fuzzer = new Fuzzer(Number(seed));

const step = (): void => {
  // Messages are sent between two batches.
  for (let n = 0; n < 500; n += 1) {
    writeSync(file, where, 0, where.byteLength, 0);
    const finding = fuzzer.check(where[0] ?? 0);
    if (finding) process.send?.({ ...finding, octets: finding.octets && [...finding.octets] });
    where[0] = (where[0] ?? 0) + 1;
  }
  setImmediate(step);
};

where[0] = Number(from);
process.once('disconnect', () => process.exit());
step();
