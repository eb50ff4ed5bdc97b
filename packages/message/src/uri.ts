import { ProtocolError } from '@sipx/contracts';
import { shown } from './grammar.ts';
import { OpaqueURI } from './opaque-uri.ts';
import { SipURI } from './sip-uri.ts';
import { TelURI } from './tel-uri.ts';
import { URN } from './urn.ts';

export type URI = SipURI | TelURI | URN | OpaqueURI;

/**
 * Reads an absolute URI: sip, sips, tel and urn in full, any other scheme as its text.
 * @throws ProtocolError SIPX_PARSE_URI
 */
export const parseURI = (text: string): URI => {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
  const uri = isSipScheme(scheme)
    ? SipURI.read(scheme, text)
    : scheme === 'tel'
      ? TelURI.read(text)
      : (scheme === 'urn' && URN.read(text)) || OpaqueURI.read(scheme, text);
  if (uri) return uri;
  throw new ProtocolError('SIPX_PARSE_URI', 'malformed URI', {
    expected: 'scheme:…, such as sip:user@host:port;parameters',
    got: shown(text),
  });
};

export const isSipURI = (uri: URI): uri is SipURI => isSipScheme(uri.scheme);

export const isTelURI = (uri: URI): uri is TelURI => uri.scheme === 'tel';

const isSipScheme = (scheme: string): scheme is 'sip' | 'sips' =>
  scheme === 'sip' || scheme === 'sips';
