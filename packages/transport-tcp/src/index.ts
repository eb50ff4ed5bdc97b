export { type TCPOptions, TCPTransport, tcp } from './tcp-transport.ts';
