import { UsageError } from '@sipx/contracts';
import { isSipURI, Params, parseURI, type SipURI } from '@sipx/message';

/** Whom a request is for. @throws UsageError SIPX_USAGE for another scheme; ProtocolError SIPX_PARSE_URI */
export const asSipURI = (target: string | SipURI): SipURI => {
  const uri = typeof target === 'string' ? parseURI(target) : target;
  if (isSipURI(uri)) return uri;
  throw new UsageError('SIPX_USAGE', 'not an address that can be called', {
    expected: 'a sip: or sips: URI',
    got: String(target),
  });
};

/** A preloaded Route (RFC 3261 8.1.2); without `lr` the proxy would be taken for a strict router. */
export const looseRoute = (proxy: string | SipURI): string => {
  const uri = asSipURI(proxy);
  return `<${uri.lr ? uri : uri.with({ params: new Params(uri.params).set('lr', true) })}>`;
};
