import { UsageError } from '@sipx/contracts';
import type { Request, SipURI } from '@sipx/message';
import { isSipURI } from '@sipx/message';

/**
 * Whom to send a request to (RFC 3261 8.1.2): the first Route when it is a loose router, else the Request-URI
 * (where a strict router stands, 12.2.1.1).
 * @throws UsageError SIPX_USAGE when that is no SIP URI and no Route says where to go instead
 */
export const nextHop = (request: Request): SipURI => {
  const route = request.headers.get('Route')?.uri;
  if (route && isSipURI(route) && route.lr) return route;
  if (isSipURI(request.uri)) return request.uri;
  throw new UsageError('SIPX_USAGE', 'no next hop for this Request-URI', {
    expected: 'a sip: or sips: URI, or a Route to a proxy that understands others',
    got: String(request.uri),
  });
};
