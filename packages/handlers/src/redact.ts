/**
 * A message's text, or a piece of one, fit to be shown: what proves a password, is a password or opens media is
 * replaced by `***`. Realm, username, algorithm and the like stay, for who looks for a fault.
 *
 * Covered: the authentication headers (RFC 3261 20.6, 20.7, 20.27, 20.28, 20.44), folded ones too; passwords in
 * SIP URIs (19.1.1); in SDP `k=` (RFC 4566 5.12), `a=crypto` (RFC 4568) and `a=ice-pwd` (RFC 8839).
 */
export const redact = (text: string): string =>
  text
    .replaceAll(
      AUTHENTICATION,
      (_, name: string, value: string) => name + redactValue(value, INFO.test(name)),
    )
    .replaceAll(SIP_URI, redactURI)
    .replaceAll(SDP_KEY, '$1***');

/** Name and value, whatever marks stand before it in the line: traces indent. */
const AUTHENTICATION =
  /^([^\w\r\n]*(?:(?:proxy-)?authorization|(?:proxy|www)-authenticate|(?:proxy-)?authentication-info)[ \t]*:[ \t]*)([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/gim;
/** The one header without a scheme. */
const INFO = /-info[ \t]*:[ \t]*$/i;

const redactValue = (value: string, isInfo: boolean): string => {
  const scheme = /^\s*digest\s+/i.exec(value)?.[0] ?? '';
  const params = value.slice(scheme.length);
  // Another scheme's token, or a quote without an end: nobody knows what is what.
  if (scheme === '' && !isInfo) return '***';
  if (params.match(QUOTED)?.some((quoted) => !CLOSED.test(quoted))) return `${scheme}***`;
  return (
    scheme +
    params.replaceAll(PARAM, (whole: string, name: string | undefined, equals: string) => {
      if (name === undefined) return '***';
      return OPEN.test(name) ? whole : `${name}${equals}***`;
    })
  );
};

/** To its end or that of the text: a match that cannot fail is linear. */
const QUOTED = /"(?:[^"\\]|\\[^]?)*(?:"|$)/g;
const CLOSED = /^"(?:[^"\\]|\\[^])*"$/;
const PARAM = /([\w*-]+)(\s*=\s*)("(?:[^"\\]|\\[^]?)*(?:"|$)|[^\s,]*)|[^\s,]+/g;
/** What is no secret. Anything else, known or not, is covered. */
const OPEN = /^(?:realm|username|algorithm|qop|stale|uri|nc|domain|charset|userhash)$/i;

const SIP_URI = /\bsips?:[^\s<>"]+/gi;

const redactURI = (uri: string): string => {
  const colon = uri.indexOf(':', uri.indexOf(':') + 1);
  const at = uri.lastIndexOf('@');
  return colon > 0 && colon < at ? `${uri.slice(0, colon)}:***${uri.slice(at)}` : uri;
};

const SDP_KEY = /^([^\w\r\n]*(?:k=|a=crypto:|a=ice-pwd:))[^\r\n]+/gim;
