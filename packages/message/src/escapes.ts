/** The sets of RFC 3261 25.1 beyond `unreserved`, for each part of a URI. */
const UNRESERVED = "A-Za-z0-9\\-_.!~*'()";
export const IN_USER: RegExp = new RegExp(`[^${UNRESERVED}&=+$,;?/]`, 'gu');
export const IN_PASSWORD: RegExp = new RegExp(`[^${UNRESERVED}&=+$,]`, 'gu');
export const IN_PARAM: RegExp = new RegExp(`[^${UNRESERVED}\\[\\]/:&+$]`, 'gu');
export const IN_HEADER: RegExp = new RegExp(`[^${UNRESERVED}\\[\\]/?:+$]`, 'gu');

const BROKEN = /%(?![0-9A-Fa-f]{2})/;
const ESCAPE = /%([0-9A-Fa-f]{2})/g;
const PLAIN = new RegExp(`[${UNRESERVED}]`);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const hasBrokenEscape = (text: string): boolean => text.includes('%') && BROKEN.test(text);

/** Once, never of its own result (RFC 4475 3.1.1.3). Octets that are no UTF-8 become U+FFFD. */
export const unescape = (text: string): string => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
      decoder.decode(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))),
    );
  }
};

/** `outside` matches the characters that need it: one of the sets above. */
export const escape = (text: string, outside: RegExp): string =>
  text.replace(outside, (char) => {
    let escaped = '';
    for (const byte of encoder.encode(char)) {
      escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return escaped;
  });

/** One spelling for what RFC 3261 19.1.4 calls equivalent: an escape stays one only where it has to. */
export const canonical = (text: string): string =>
  text.includes('%')
    ? text.replace(ESCAPE, (whole, hex: string) => {
        const char = String.fromCharCode(Number.parseInt(hex, 16));
        return PLAIN.test(char) ? char : whole.toUpperCase();
      })
    : text;
