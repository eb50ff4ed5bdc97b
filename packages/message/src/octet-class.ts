/** What an octet may be a part of, a bit for each: RFC 3261 25.1, `token`. */
export const TOKEN = 1;
/** A name or an IPv4 address; deployed names have underscores. */
export const HOST = 2;
/** A user that needs no escapes, without a password. */
export const USER = 4;
/** Parameters of a URI without escapes: names, `=` and values. */
export const URI_PARAM = 8;
/** A parameter's value without quotes. */
export const PARAM_VALUE = 16;
/** Within quotes, neither an escape nor what looks like the end of something. */
export const DISPLAY = 32;
/** A Call-ID on either side of its `@`, as peers write it. */
export const CALL_ID_WORD = 64;

const MEMBERS: readonly (readonly [bit: number, members: RegExp])[] = [
  [TOKEN, /[A-Za-z0-9\-.!%*_+`'~]/],
  [HOST, /[A-Za-z0-9_.-]/],
  [USER, /[!#$&-.0-9=A-Z_a-z~]/],
  [URI_PARAM, /[!#$&-:=A-Z[\]_a-z~]/],
  [PARAM_VALUE, /[!#-+\-.-:=?-~]/],
  [DISPLAY, /[ !#-;=?-[\]-~]/],
  [CALL_ID_WORD, /[!-+\--:<-?A-~]/],
];

/** By octet; none for controls, DEL and what is not ASCII. */
export const OCTET_CLASS: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) => {
  const char = octet < 127 ? String.fromCharCode(octet) : '';
  return MEMBERS.reduce((bits, [bit, members]) => (members.test(char) ? bits | bit : bits), 0);
});
