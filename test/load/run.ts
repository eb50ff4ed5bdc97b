/**
 * What calls cost and what they leave: a pair of endpoints on the network in memory.
 *
 *   pnpm load [--calls 200000] [--held 100000] [--json]
 */
import { parseArgs } from 'node:util';
import { crowds, held, left } from './crowd.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '200000' },
    /** Dialogs among which a call is measured; 0 spares that. */
    held: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
});

const calls = Number(values.calls);
const many = Number(values.held);
const heldBytes = await held(2_000);
const measured = many > 0 ? await crowds([1_000, many]) : [];
const leftBytes = await left(calls);

if (!values.json) {
  console.log(`an established call keeps ${Math.round(heldBytes / 2)} octets a side`);
  for (const { dialogs, callUs, heapMB } of measured) {
    console.log(`${dialogs} dialogs a side: ${callUs.toFixed(0)} µs CPU a call, heap ${heapMB} MB`);
  }
  const [few, most] = measured;
  if (few && most) console.log(`× ${(most.callUs / few.callUs).toFixed(2)}`);
  console.log(`${calls} calls left ${Math.round(leftBytes / 1024)} KB`);
}
console.log(JSON.stringify({ heldBytes, crowds: measured, leftBytes }));
