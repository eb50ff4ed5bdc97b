import {
  isProtocol,
  NetworkError,
  type Resolver,
  type TransportAddress,
  type TransportProtocol,
  UsageError,
} from '@sipx/contracts';
import type { SipURI } from '@sipx/message';
import { DEFAULT_PORT } from './default-port.ts';

export interface LocateOptions {
  readonly signal?: AbortSignal | undefined;
  /** When neither the URI nor its scheme says which. 'udp' (RFC 3263 4.1). */
  readonly protocol?: TransportProtocol | undefined;
}

/**
 * Where a request for this URI can go, in the order to try (RFC 3263 4), by numeric host or by A and AAAA
 * records.
 *
 * @throws NetworkError SIPX_RESOLVE; UsageError SIPX_TRANSPORT_MISSING (a transport that SIPX does not know, or
 *   one that cannot be secure for a sips: URI)
 */
export const locate = async (
  uri: SipURI,
  resolver: Resolver,
  options: LocateOptions = {},
): Promise<readonly TransportAddress[]> => {
  const { protocol, host, port } = targetOf(uri, options.protocol);
  if (isLiteral(host)) return [{ protocol, host, port }];
  const found = await resolver.addresses(host, options.signal);
  if (found.length === 0) {
    throw new NetworkError('SIPX_RESOLVE', 'the host has no address', { got: host });
  }
  return found.map(({ address }) => ({ protocol, host: address, port }));
};

/**
 * As `locate`, for a numeric host, which takes no waiting; undefined for a name.
 *
 * @throws UsageError SIPX_TRANSPORT_MISSING
 */
export const locateLiteral = (
  uri: SipURI,
  protocol?: TransportProtocol,
): TransportAddress | undefined => {
  const target = targetOf(uri, protocol);
  return isLiteral(target.host) ? target : undefined;
};

const targetOf = (uri: SipURI, preferred: TransportProtocol = 'udp'): TransportAddress => {
  const protocol = protocolFor(uri, preferred);
  // A maddr overrides the host (RFC 3261 19.1.1).
  const host = unbracketed(uri.params.get('maddr') || uri.host);
  return { protocol, host, port: uri.port ?? DEFAULT_PORT[protocol] };
};

const protocolFor = (uri: SipURI, preferred: TransportProtocol): TransportProtocol => {
  const named = uri.transport;
  if (named !== undefined && !isProtocol(named)) throw unusable(uri, 'udp, tcp, tls, ws or wss');
  if (!uri.secure) return named ?? preferred;
  if (named === undefined) return SECURE[preferred] ?? 'tls';
  const secure = SECURE[named];
  if (!secure) throw unusable(uri, 'a transport that TLS can secure');
  return secure;
};

/** What a transport is called once a sips: URI asks for TLS on it (RFC 3261 26.2.2). */
const SECURE: Readonly<Partial<Record<TransportProtocol, TransportProtocol>>> = {
  tcp: 'tls',
  tls: 'tls',
  ws: 'wss',
  wss: 'wss',
};

const unusable = (uri: SipURI, expected: string): UsageError =>
  new UsageError('SIPX_TRANSPORT_MISSING', 'no transport for this URI', {
    expected,
    got: `${uri.scheme}: with transport=${uri.transport}`,
  });

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/** No name ends in a number: such a host is an IPv4 address, or wrong. */
const isLiteral = (host: string): boolean =>
  host.includes(':') || /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/.test(host);
