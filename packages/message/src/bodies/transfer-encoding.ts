import { positions } from './charset.ts';
import { notA } from './faults.ts';

/**
 * The octets behind a Content-Transfer-Encoding (RFC 2045 6), undefined for one that is not known. SIP carries
 * any octet as it is (RFC 3261 7.4.1), but gateways from mail do encode.
 * @throws ProtocolError SIPX_PARSE_BODY
 */
export const transferDecoded = (content: Uint8Array, encoding: string): Uint8Array | undefined => {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return content;
    case 'base64':
      return fromBase64(positions(content));
    case 'quoted-printable':
      return fromQuotedPrintable(content);
    default:
      return undefined;
  }
};

const fromBase64 = (text: string): Uint8Array => {
  const digits = text.replace(/[\r\n\t ]+/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) {
    throw notA('base64', 'its 64 characters, padded to fours', text);
  }
  return Uint8Array.from(atob(digits), (char) => char.charCodeAt(0));
};

/** Soft line breaks go, `=41` is A; a `=` that is neither stays (RFC 2045 6.7 leaves it to the reader). */
const fromQuotedPrintable = (content: Uint8Array): Uint8Array => {
  const decoded = new Uint8Array(content.length);
  let length = 0;
  for (let at = 0; at < content.length; at += 1) {
    const byte = content[at] ?? 0;
    const next = byte === EQUALS ? hexAt(content, at + 1) : undefined;
    if (byte === EQUALS && content[at + 1] === CR && content[at + 2] === LF) at += 2;
    else if (next !== undefined) {
      decoded[length++] = next;
      at += 2;
    } else decoded[length++] = byte;
  }
  return decoded.slice(0, length);
};

const hexAt = (content: Uint8Array, at: number): number | undefined => {
  const digits = String.fromCharCode(content[at] ?? 0, content[at + 1] ?? 0);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
};

const EQUALS = 61;
const CR = 13;
const LF = 10;
