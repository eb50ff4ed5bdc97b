export { type Clock, type Timer } from './clock.ts';
export {
  type ErrorCode,
  type ErrorDetails,
  NetworkError,
  ProtocolError,
  SIPXError,
  UsageError,
} from './errors.ts';
export { cryptoIds, type IdSource } from './ids.ts';
export { type Logger, silentLogger } from './logger.ts';
export { type MediaDirection, type MediaOptions, type MediaSession } from './media-session.ts';
export { type ResolvedAddress, type Resolver } from './resolver.ts';
export { systemClock } from './system-clock.ts';
export { TimerWheel } from './timer-wheel.ts';
export {
  type BaseTransport,
  type Connection,
  type ConnectOptions,
  type Listener,
  type Sink,
  type Transport,
  type TransportConfig,
  type TransportDependencies,
  type TransportFactory,
} from './transport.ts';
export {
  formatAddress,
  hostPort,
  isProtocol,
  parseAddress,
  sameAddress,
  type TransportAddress,
  type TransportProtocol,
} from './transport-address.ts';
