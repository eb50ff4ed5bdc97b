import { type ErrorCode, ProtocolError, UsageError } from '@sipx/contracts';

/** A scheme and its parameters, names in lower case, values unquoted. */
export interface Authentication {
  readonly scheme: string;
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Reads `scheme name=value, name="value", …`, any number of schemes. Quotes where there should be none, none
 * where there should be, empty list elements and space around `=` are tolerated. Linear in the length.
 */
export const readAuthentication = (text: string, code: ErrorCode): Authentication[] => {
  const found: Authentication[] = [];
  let params: Map<string, string> | undefined;
  let at = 0;

  // Where, never what: the text may be somebody's credentials.
  const fail = (expected: string): never => {
    throw new ProtocolError(code, 'malformed authentication header', {
      expected,
      got: at < text.length ? `something else at character ${at}` : 'the end',
    });
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0] ?? '';
    at += match.length;
    return match;
  };
  const quoted = (): string => {
    at += 1;
    let value = '';
    for (;;) {
      value += take(PLAIN);
      if (text[at] === '"') break;
      if (text[at] !== '\\' || at + 1 >= text.length) return fail('a closing quote');
      value += text[at + 1];
      at += 2;
    }
    at += 1;
    return value;
  };

  const control = text.search(CONTROL);
  if (control >= 0) {
    at = control;
    fail('no control character');
  }
  for (;;) {
    take(SEPARATORS);
    if (at === text.length) break;
    const name = take(TOKEN);
    if (name === '') fail('a scheme or a parameter');
    take(SPACE);
    if (text[at] !== '=') {
      params = new Map();
      found.push({ scheme: name, params });
      take(TOKEN68);
      continue;
    }
    if (!params) return fail('a scheme before the parameters');
    at += 1;
    take(SPACE);
    if (params.has(name.toLowerCase())) fail(`${name} once`);
    params.set(name.toLowerCase(), text[at] === '"' ? quoted() : take(UNQUOTED));
    take(SPACE);
    if (at < text.length && text[at] !== ',') fail('a comma');
  }
  return found.length > 0 ? found : fail('a scheme');
};

const SEPARATORS = /[ \t,]*/y;
const SPACE = /[ \t]*/y;
const TOKEN = /[\w!#$%&'*+.^`|~-]+/y;
/** What other schemes have in place of parameters (RFC 7235 2.1). Passed over. */
const TOKEN68 = /[\w.~+/-]+=*(?=[ \t]*(?:,|$))/y;
const UNQUOTED = /[^ \t",]*/y;
const PLAIN = /[^"\\]*/y;
const CONTROL = /[^\t -~\u0080-\uffff]/;

/**
 * A quoted-string (RFC 3261 25.1).
 * @throws UsageError SIPX_USAGE_HEADER for a control character, which would end the header
 */
export const quote = (value: string): string => {
  refuseControls(value);
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
};

/** @throws UsageError SIPX_USAGE_HEADER */
export const refuseControls = (value: string): void => {
  if (!CONTROL.test(value)) return;
  throw new UsageError('SIPX_USAGE_HEADER', 'not possible in an authentication header', {
    expected: 'text without control characters',
  });
};

export const isDigest = (scheme: string): boolean => scheme.toLowerCase() === 'digest';
