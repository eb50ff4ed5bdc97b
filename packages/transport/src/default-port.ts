import type { TransportProtocol } from '@sipx/contracts';

/** Where a protocol is met when nobody says otherwise (RFC 3261 18.2.2 and 19.1.2, RFC 7118 8.1). */
export const DEFAULT_PORT: Readonly<Record<TransportProtocol, number>> = {
  udp: 5060,
  tcp: 5060,
  tls: 5061,
  ws: 80,
  wss: 443,
};
