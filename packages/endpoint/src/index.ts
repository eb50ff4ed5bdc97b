export { type Drops } from './drops.ts';
export { Endpoint, type EndpointOptions, type TransmitOptions } from './endpoint.ts';
export { Exchange, type ExchangeOptions, type ResponseSink } from './exchange.ts';
export { IncomingRequest } from './incoming-request.ts';
export { type IncomingAck, type Owner } from './owner.ts';
export { Transmission } from './transmission.ts';
export { type WireEvent } from './wire.ts';
