/**
 * The plain form of values: what nearly all are in, ASCII. One expression checks the whole of one that has it, so that
 * it need not be taken apart before somebody asks for a part; all others are read step by step.
 */
export const PLAIN_HOST = '[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?';
/** Below 65536: of five digits the first is not above 5. */
export const PLAIN_PORT = '(?:[1-5]\\d{4}|\\d{1,4})';
/** Parameters of a header, without quotes and white space. */
export const PLAIN_PARAMS = "(?:;[A-Za-z0-9\\-.!%*_+`'~]+(?:=[!#-+\\-.-:=?-~]+)?)*";
const PLAIN_URI_PARAM = '[!#$&-:A-Z[\\]_a-z~][!#$&-:=A-Z[\\]_a-z~]*';

/** A user without password, `@`, a name or an IPv4 address; no escapes and no headers. */
export const PLAIN_SIP_URI: string = `sips?:(?:[!#$&-.0-9=A-Z_a-z~]+@)?${PLAIN_HOST}(?::${PLAIN_PORT})?(?:;${PLAIN_URI_PARAM})*`;

/** An expression is faster than a loop, but for a long text it needs a deep stack. */
export const isPlain = (form: RegExp, text: string): boolean =>
  text.length < 256 && form.test(text);

/** What stands behind `;name=` from a place on; undefined when it is not there in this spelling. */
export const plainParam = (text: string, key: string, from: number): string | undefined => {
  const at = text.indexOf(key, from);
  if (at < 0) return undefined;
  const start = at + key.length;
  const end = text.indexOf(';', start);
  return text.slice(start, end < 0 ? text.length : end);
};
