import { trimmed } from './grammar.ts';

/** What deployed peers get wrong, each by a name of its own, to be let through (true) or refused. */
export interface Leniencies
  extends Readonly<Record<Mended, boolean>>,
    Readonly<Record<Passed, true | StrictRule>> {}

export type Leniency = keyof Leniencies;

/** Those that somebody has to mend: without that the value is refused. */
type Mended =
  /** Empty lines before the start line (RFC 3261 7.5). */
  | 'leadingLineEnds'
  /** LF without CR as the end of a line. What one peer takes for text is the next one's header: off. */
  | 'bareLineFeed'
  /** `sip/2.0`: the version has no case, though it is sent in capitals (RFC 3261 7.1). */
  | 'lowerCaseVersion'
  /** The end of the datagram ends the body (RFC 3261 18.3). On a stream the framing refuses it. */
  | 'missingContentLength'
  /** `Via: SIP/2.0/UDP 2001:db8::1`. A ninth group is the port; of fewer nobody can tell, and none is. */
  | 'viaBareIPv6'
  /** `From: Bell (home) <sip:…>`: words that are no tokens, without quotes (RFC 4475 3.1.2.15). */
  | 'unquotedDisplayName'
  /** `Contact: Doe, John <sip:…>`: what is no address by itself belongs to the name of the next. */
  | 'commaInDisplayName';

/** Those that a reader does not mind: they are off by a rule, which `STRICT` of `@sipx/message/strict` has. */
type Passed =
  /** `;lr=on`, `;lr=true`. */
  | 'lrValue'
  /** `sip:123#4@…`, as phones dial it. */
  | 'hashInUser'
  /** UTF-8 where an escape belongs. */
  | 'nonAsciiURI'
  /** `tel:112`, with no word of where that is valid (RFC 3966 5.1.5). */
  | 'localNumber'
  /** A host of many a private network. */
  | 'underscoreInHost'
  /** `;tag=a/b`: neither a token, nor a host, nor in quotes. */
  | 'oddParameterValue'
  /** Empty or odd items of a list of tokens (`Allow: INVITE,,A/K`), and a Call-ID or MIME-Version that is odd. */
  | 'oddListItem';

/** Throws a ProtocolError for a value that makes use of a leniency: one of a header, or a Request-URI. */
export type StrictRule = (value: unknown, header: string) => void;

/** What deployed phones need is let through. */
export const DEFAULT_LENIENCIES: Leniencies = Object.freeze({
  leadingLineEnds: true,
  bareLineFeed: false,
  lowerCaseVersion: true,
  missingContentLength: true,
  viaBareIPv6: true,
  unquotedDisplayName: true,
  commaInDisplayName: true,
  lrValue: true,
  hashInUser: true,
  nonAsciiURI: true,
  localNumber: true,
  underscoreInHost: true,
  oddParameterValue: true,
  oddListItem: true,
});

/** @throws ProtocolError for what makes use of a leniency that is off @internal */
export const refuse = (value: unknown, header: string, leniencies: Leniencies): void => {
  for (const rule of Object.values(leniencies)) if (typeof rule === 'function') rule(value, header);
};

/** The text as its sender meant it; undefined when no leniency that is on has an answer. @internal */
export const mended = (
  shape: string | undefined,
  text: string,
  leniencies: Leniencies,
): string | undefined =>
  shape === 'via' && leniencies.viaBareIPv6
    ? bracketed(text)
    : shape === 'address' && leniencies.unquotedDisplayName
      ? quoted(text)
      : undefined;

const bracketed = (text: string): string | undefined => {
  const [, before = '', host = ''] = BARE_IPV6.exec(text) ?? [];
  if (host.split(':').length < 3) return undefined;
  const [, address, port = ''] = NINE_GROUPS.exec(host) ?? [];
  return `${before}[${address ?? host}]${port}${text.slice(before.length + host.length)}`;
};

const BARE_IPV6 = /^([^;]*[ \t])([0-9A-Fa-f:.]+)[ \t]*(?:;|$)/;
const NINE_GROUPS = /^((?:[^:]+:){7}[^:]+)(:\d+)$/;

const quoted = (text: string): string | undefined => {
  const open = text.indexOf('<');
  const name = trimmed(text.slice(0, Math.max(open, 0)));
  return name === '' || /[";]/.test(name)
    ? undefined
    : `"${name.replaceAll('\\', '\\\\')}" ${text.slice(open)}`;
};
