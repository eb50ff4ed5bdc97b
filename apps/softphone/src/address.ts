import { isSipURI, NameAddr, parseURI, type SipURI, UsageError } from 'sipx';

/**
 * An address as people write it: `sip:` may be left out. A password in it is refused: it would stand in the
 * process list and in From headers.
 * @param source what to call it in an error: `--proxy`, `SIPX_URI`
 * @throws UsageError SIPX_PARSE_URI, SIPX_USAGE
 */
export const readURI = (text: string, source: string): SipURI => {
  const uri = parsed(withScheme(text), source, parseURI);
  if (!isSipURI(uri)) throw notSip(source, uri.scheme);
  refusePassword(uri, source);
  return uri;
};

/** The same with a name, if it has one: `"Alice" <sip:alice@example.com>`. @throws as `readURI` */
export const readNameAddr = (text: string, source: string): NameAddr => {
  const { address, uri } = parsed(text.includes('<') ? text : withScheme(text), source, (whole) => {
    const read = NameAddr.parse(whole);
    return { address: read, uri: read.uri };
  });
  if (!isSipURI(uri)) throw notSip(source, uri.scheme);
  refusePassword(uri, source);
  return address;
};

/** Whom to call: a full address, or a name alone that the account's own domain completes. @throws as `readURI` */
export const readTarget = (text: string, own: NameAddr | undefined): SipURI => {
  if (/[@:]/.test(text)) return readURI(text, 'the address to call');
  if (own && isSipURI(own.uri)) {
    const { scheme, host, port } = own.uri;
    return readURI(`${scheme}:${text}@x`, 'the address to call').with({ host, port });
  }
  throw new UsageError(
    'SIPX_PARSE_URI',
    'a name alone needs an account whose domain completes it',
    {
      expected: 'sip:name@host, or --uri',
    },
  );
};

const withScheme = (text: string): string =>
  /^[a-z][a-z0-9+.-]*:(?!\d+$)/i.test(text) ? text : `sip:${text}`;

const parsed = <T>(text: string, source: string, parse: (text: string) => T): T => {
  try {
    return parse(text);
  } catch {
    // Without the text: it may hold a password in the wrong place.
    throw new UsageError('SIPX_PARSE_URI', `${source} is no SIP address`);
  }
};

const refusePassword = ({ password }: SipURI, source: string): void => {
  if (password === undefined) return;
  throw new UsageError('SIPX_USAGE', `${source} has a password in it`, {
    expected: 'the password in SIPX_PASSWORD or in the config file',
  });
};

const notSip = (source: string, scheme: string): UsageError =>
  new UsageError('SIPX_PARSE_URI', `${source} cannot be reached from here`, {
    expected: 'a sip: address',
    got: `${scheme}:`,
  });
