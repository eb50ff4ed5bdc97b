export { type Connect, ConnectionPool, type PoolOptions } from './connection-pool.ts';
export { DEFAULT_PORT } from './default-port.ts';
export { type LocateOptions, locate, locateLiteral } from './locate.ts';
export { receivedVia, responseDestination } from './response-destination.ts';
export { type FramerLimits, type FramerSink, StreamFramer } from './stream-framer.ts';
