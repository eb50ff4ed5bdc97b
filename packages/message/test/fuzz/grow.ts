/**
 * Prints for each shape that an argument names, or for all, a line of JSON: [name, growth]. In a process of its
 * own: its CPU time is that of nobody else, and its young heap is so large that the collector stays out of it.
 */
import { growthOf } from './growth.ts';
import { shapes } from './shapes.ts';

const [doublings = '2', ...wanted] = process.argv.slice(2);

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

for (const { name, make } of shapes) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(JSON.stringify([name, growthOf(make, Number(doublings), cpu)]));
}
