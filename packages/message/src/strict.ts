import { ProtocolError } from '@sipx/contracts';
import { CALL_ID_TEXT, isToken, malformed, shown } from './grammar.ts';
import { HEADERS, headerId } from './header-names.ts';
// Through the entry: so the build leaves the core in one piece, whose constants V8 can take for such.
import { DEFAULT_LENIENCIES, type Leniencies, type Leniency, type StrictRule } from './index.ts';
import type { URI } from './uri.ts';

/** A leniency that is off: a value that makes use of it is refused. */
const inValue =
  (name: Leniency, uses: (value: unknown, header: string) => boolean): StrictRule =>
  (value, header) => {
    if (uses(value, header)) throw malformed(header, `no use of ${name}`, String(value));
  };

/** The same for the URI that a value holds, or is. */
const inURI =
  (name: Leniency, uses: (text: string, uri: URI) => boolean): StrictRule =>
  (value) => {
    const uri = uriOf(value);
    if (!uri || !uses(String(uri), uri)) return;
    const expected = `no use of ${name}`;
    throw new ProtocolError('SIPX_PARSE_URI', 'malformed URI', { expected, got: shown(`${uri}`) });
  };

/** Known by its parts, not by its class: a program may hold two copies of this package. */
const uriOf = (value: unknown): URI | undefined => {
  if (isURI(value)) return value;
  return typeof value === 'object' && value && 'uri' in value ? (value.uri as URI) : undefined;
};

const isURI = (value: unknown): value is URI =>
  typeof value === 'object' && value !== null && 'scheme' in value;

const hasUnderscore = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && 'host' in part && `${part.host}`.includes('_');

const hostOfURI = inURI('underscoreInHost', (_, uri) => hasUnderscore(uri));
const hostOfVia = inValue('underscoreInHost', hasUnderscore);

/**
 * The letter of the RFC, but for what it has everybody accept. `{ ...STRICT, hashInUser: true }` lets one thing more
 * through; `{ hashInUser: STRICT.hashInUser }` one less than usual.
 */
export const STRICT: Leniencies = Object.freeze({
  ...DEFAULT_LENIENCIES,
  viaBareIPv6: false,
  unquotedDisplayName: false,
  commaInDisplayName: false,
  lrValue: inURI('lrValue', (text) => /;lr=/i.test(text)),
  hashInUser: inURI('hashInUser', (text) => /^sips?:[^@]*#[^@]*@/i.test(text)),
  nonAsciiURI: inURI('nonAsciiURI', (text) => /[^\0-\x7f]/.test(text)),
  localNumber: inURI(
    'localNumber',
    (text) => /^tel:(?!\+)/i.test(text) && !/;phone-context=/i.test(text),
  ),
  underscoreInHost: (value: unknown, header: string) => {
    hostOfURI(value, header);
    hostOfVia(value, header);
  },
  oddParameterValue: inValue('oddParameterValue', (value) => {
    if (typeof value !== 'object' || isURI(value)) return false;
    const text = String(value).replace(SHELTERED, '""');
    for (const [, given = ''] of text.matchAll(PARAMETER)) if (!PLAIN.test(given)) return true;
    return false;
  }),
  oddListItem: inValue('oddListItem', (value, header) => {
    const { shape } = HEADERS[headerId(header)] ?? {};
    if (shape === 'token') return !isToken(String(value));
    if (shape === 'call-id') return !CALL_ID_TEXT.test(String(value));
    return header === 'MIME-Version' && !/^\d+\.\d+$/.test(String(value));
  }),
});

/** Quoted strings and what is in angle brackets. */
const SHELTERED = /"(?:[^"\\]|\\.)*"|<[^<>]*>/gs;
const PARAMETER = /;\s*[^\s;=]+\s*=\s*([^\s;,]*)/g;
const PLAIN =
  /^(?:""|[A-Za-z0-9\-.!%*_+`'~]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:.]+|[A-Za-z0-9.-]+:\d+)$/;
