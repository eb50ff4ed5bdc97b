export { type UDPOptions, UDPTransport, udp } from './udp-transport.ts';
