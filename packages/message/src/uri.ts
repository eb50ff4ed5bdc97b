import { ProtocolError } from '@sipx/contracts';
import { shown } from './grammar.ts';
import { OpaqueURI } from './opaque-uri.ts';
import { SipURI } from './sip-uri.ts';

export type URI = SipURI | OpaqueURI;

/**
 * Reads an absolute URI: sip and sips in full, any other scheme (tel, urn, …) as its text.
 * @throws ProtocolError SIPX_PARSE_URI
 */
export const parseURI = (text: string): URI => {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
  const uri =
    scheme === 'sip' || scheme === 'sips'
      ? SipURI.read(scheme, text)
      : OpaqueURI.read(scheme, text);
  if (uri) return uri;
  throw new ProtocolError('SIPX_PARSE_URI', 'malformed URI', {
    expected: 'scheme:…, such as sip:user@host:port;parameters',
    got: shown(text),
  });
};

export const isSipURI = (uri: URI): uri is SipURI => uri.scheme === 'sip' || uri.scheme === 'sips';
