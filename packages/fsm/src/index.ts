export * from './dialog/index.ts';
export { type Observer } from './observers.ts';
export { type Gauges, StateManager, type StateManagerOptions } from './state-manager.ts';
export { ShardedMap } from './sharded-map.ts';
export * from './transaction/index.ts';
