import { UsageError } from './errors.ts';

/** A transport by the name that Contact and Via give it, in lower case. */
export type TransportProtocol = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

const PROTOCOLS: readonly string[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

/** Where bytes go or come from. `host` is an address literal (IPv6 without brackets) or a name. */
export interface TransportAddress {
  readonly protocol: TransportProtocol;
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `udp:127.0.0.1:5060`, `tcp:[::1]:0`, `tls:example.com:5061`; the protocol in any case.
 * @throws UsageError SIPX_PARSE_ADDRESS
 */
export const parseAddress = (text: string): TransportAddress => {
  const match = /^([a-z]+):(?:\[([0-9a-f:.]+(?:%[\w.~-]+)?)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(
    text,
  );
  const protocol = match?.[1]?.toLowerCase() ?? '';
  const host = match?.[2] ?? match?.[3];
  const port = Number(match?.[4]);
  if (host === undefined || !isProtocol(protocol) || port > 65_535) {
    throw new UsageError('SIPX_PARSE_ADDRESS', 'not a transport address', {
      expected: 'protocol:host:port, such as udp:127.0.0.1:5060 or tcp:[::1]:5060',
      got: JSON.stringify(text),
    });
  }
  return { protocol, host, port };
};

/** The form that `parseAddress` reads. */
export const formatAddress = ({ protocol, host, port }: TransportAddress): string =>
  `${protocol}:${hostPort(host, port)}`;

/** `host:port`, with the brackets that an IPv6 literal needs (RFC 3261 25.1). */
export const hostPort = (host: string, port: number | undefined): string => {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? bracketed : `${bracketed}:${port}`;
};

export const sameAddress = (a: TransportAddress, b: TransportAddress): boolean =>
  a.port === b.port && a.protocol === b.protocol && a.host.toLowerCase() === b.host.toLowerCase();

export const isProtocol = (name: string): name is TransportProtocol => PROTOCOLS.includes(name);
