export { ManualClock } from './manual-clock.ts';
export type { MemoryHost } from './memory-host.ts';
export { MemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts';
export type { Counts, Faults } from './memory-wire.ts';
export { SeededIds } from './seeded-ids.ts';
export { seededRandom } from './seeded-random.ts';
