/** What deployed peers get wrong, each by a name of its own, to be let through or refused. */
export type Leniency =
  | 'leadingLineEnds'
  | 'bareLineFeed'
  | 'lowerCaseVersion'
  | 'missingContentLength'
  | 'viaBareIPv6'
  | 'unquotedDisplayName'
  | 'commaInDisplayName'
  | 'lrValue'
  | 'hashInUser'
  | 'nonAsciiURI'
  | 'localNumber'
  | 'underscoreInHost'
  | 'oddParameterValue'
  | 'oddListItem';

export type Leniencies = Readonly<Record<Leniency, boolean>>;

/** Where a leniency applies: the octets around the fields, or one kind of value. */
type Place = 'octets' | 'via' | 'address' | 'uri' | 'host' | 'params' | 'item';

interface Row {
  readonly on: Place;
  readonly default: boolean;
  /** In strict mode: true only for what the RFC has everybody accept. */
  readonly strict: boolean;
  /** The readers refuse it: what the peer meant, or undefined. Only what is malformed comes here. */
  readonly mend?: (text: string) => string | undefined;
  /** The readers let it pass: whether the text makes use of it. Asked only when it is to be refused. */
  readonly used?: (text: string) => boolean;
}

const ROWS: Readonly<Record<Leniency, Row>> = {
  /** Empty lines before the start line (RFC 3261 7.5). */
  leadingLineEnds: { on: 'octets', default: true, strict: true },
  /** LF without CR as the end of a line. What one peer takes for text is the next one's header: off. */
  bareLineFeed: { on: 'octets', default: false, strict: false },
  /** `sip/2.0`: the version has no case, though it is sent in capitals (RFC 3261 7.1). */
  lowerCaseVersion: { on: 'octets', default: true, strict: true },
  /** The end of the datagram ends the body (RFC 3261 18.3). On a stream the framing refuses it. */
  missingContentLength: { on: 'octets', default: true, strict: true },
  /** `Via: SIP/2.0/UDP 2001:db8::1`. A ninth group is the port; of fewer nobody can tell, and none is. */
  viaBareIPv6: {
    on: 'via',
    default: true,
    strict: false,
    mend: (text) => {
      const [, before = '', host = ''] = BARE_IPV6.exec(text) ?? [];
      if (host.split(':').length < 3) return undefined;
      const [, address, port = ''] = NINE_GROUPS.exec(host) ?? [];
      const after = text.slice(before.length + host.length);
      return `${before}[${address ?? host}]${port}${after}`;
    },
  },
  /** `From: Bell (home) <sip:…>`: words that are no tokens, without quotes (RFC 4475 3.1.2.15). */
  unquotedDisplayName: {
    on: 'address',
    default: true,
    strict: false,
    mend: (text) => {
      const open = text.indexOf('<');
      const name = text.slice(0, Math.max(open, 0)).trim();
      return name === '' || name.includes('"') || name.includes(';')
        ? undefined
        : `"${name.replaceAll('\\', '\\\\')}" ${text.slice(open)}`;
    },
  },
  /** `Contact: Doe, John <sip:…>`: what is no address by itself belongs to the name of the next. */
  commaInDisplayName: { on: 'address', default: true, strict: false },
  /** `;lr=on`, `;lr=true`. */
  lrValue: { on: 'uri', default: true, strict: false, used: (text) => /;lr=/i.test(text) },
  /** `sip:123#4@…`, as phones dial it. */
  hashInUser: {
    on: 'uri',
    default: true,
    strict: false,
    used: (text) => /^sips?:[^@]*#[^@]*@/i.test(text),
  },
  /** UTF-8 where an escape belongs. */
  nonAsciiURI: {
    on: 'uri',
    default: true,
    strict: false,
    used: (text) => /[^\0-\x7f]/.test(text),
  },
  /** `tel:112`, with no word of where that is valid (RFC 3966 5.1.5). */
  localNumber: {
    on: 'uri',
    default: true,
    strict: false,
    used: (text) => /^tel:(?!\+)/i.test(text) && !/;phone-context=/i.test(text),
  },
  /** A host of many a private network. */
  underscoreInHost: {
    on: 'host',
    default: true,
    strict: false,
    used: (host) => host.includes('_'),
  },
  /** `;tag=a/b`: neither a token, nor a host, nor in quotes. */
  oddParameterValue: {
    on: 'params',
    default: true,
    strict: false,
    used: (text) => {
      for (const [, value = ''] of text.replace(SHELTERED, '""').matchAll(PARAMETER)) {
        if (!PLAIN.test(value)) return true;
      }
      return false;
    },
  },
  /** Empty or odd items of a list of tokens: `Allow: INVITE,,ACK`. */
  oddListItem: {
    on: 'item',
    default: true,
    strict: false,
    used: (text) => !ITEM.test(text),
  },
};

const BARE_IPV6 = /^([^;]*\s)([0-9A-Fa-f:.]+)\s*(?:;|$)/;
const NINE_GROUPS = /^((?:[^:]+:){7}[^:]+)(:\d+)$/;
/** Quoted strings and what is in angle brackets. */
const SHELTERED = /"(?:[^"\\]|\\.)*"|<[^<>]*>/gs;
const PARAMETER = /;\s*[^\s;=]+\s*=\s*([^\s;,]*)/g;
const ITEM = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const PLAIN =
  /^(?:""|[A-Za-z0-9\-.!%*_+`'~]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:.]+|[A-Za-z0-9.-]+:\d+)$/;

const NAMES = Object.keys(ROWS) as Leniency[];

const each = (choose: (row: Row) => boolean): Leniencies =>
  Object.freeze(
    Object.fromEntries(NAMES.map((name) => [name, choose(ROWS[name])])) as Record<
      Leniency,
      boolean
    >,
  );

/** What deployed phones need is let through. */
export const DEFAULT_LENIENCIES: Leniencies = each((row) => row.default);
/** The letter of the RFC. */
export const STRICT: Leniencies = each((row) => row.strict);

/** The text as its sender meant it; undefined when no leniency that is on has an answer. @internal */
export const mended = (on: Place, text: string, leniencies: Leniencies): string | undefined => {
  let changed: string | undefined;
  for (const name of NAMES) {
    const row = ROWS[name];
    if (row.on === on && leniencies[name]) changed = row.mend?.(changed ?? text) ?? changed;
  }
  return changed;
};

/** A leniency that the text makes use of, though it is off. @internal */
export const offended = (
  place: Place,
  text: string,
  leniencies: Leniencies,
): Leniency | undefined =>
  NAMES.find((name) => {
    const { on, used } = ROWS[name];
    return on === place && !leniencies[name] && used?.(text) === true;
  });
