import type { TransportAddress } from '@sipx/contracts';
import type { Via } from '@sipx/message';
import { DEFAULT_PORT } from './default-port.ts';

/**
 * Where the response to a request goes, by its top Via as `receivedVia` left it (RFC 3261 18.2.2, RFC 3581 4).
 *
 * On a reliable transport it goes back on the request's own connection; this is then where to open another
 * when that one is gone.
 *
 * @param source where the request came from
 */
export const responseDestination = (via: Via, source: TransportAddress): TransportAddress => {
  const { protocol } = source;
  const sentByPort = via.port ?? DEFAULT_PORT[protocol];
  const host = via.received ?? source.host;
  // The port of a stream's far end was picked for that one connection; nobody listens on it.
  if (protocol !== 'udp') return { protocol, host, port: sentByPort };
  const maddr = via.params.get('maddr');
  if (maddr) return { protocol, host: unbracketed(maddr), port: sentByPort };
  if (via.rport === undefined) return { protocol, host, port: sentByPort };
  return { protocol, host, port: via.rport === true ? source.port : via.rport };
};

/**
 * The top Via of a request, with where it really came from (RFC 3261 18.2.1, RFC 3581 4). `received` is added
 * when the sent-by host is another, and always when `rport` is asked for; values that came with the request
 * are not believed. The same object when there is nothing to add.
 */
export const receivedVia = (via: Via, source: TransportAddress): Via => {
  const asksPort = via.params.has('rport');
  const isElsewhere = via.host.toLowerCase() !== source.host.toLowerCase();
  if (!asksPort && !isElsewhere && via.received === undefined) return via;
  const received = source.host;
  return via.with(asksPort ? { received, rport: source.port } : { received });
};

/** An IPv6 maddr stands in brackets (RFC 3261 25.1). */
const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
