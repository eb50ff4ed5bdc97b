import { hostPort, UsageError } from '@sipx/contracts';
import { canonical, escape, hasBrokenEscape, IN_PASSWORD, IN_USER, unescape } from './escapes.ts';
import { checkText, shown } from './grammar.ts';
import { isHost, readHostPort } from './host.ts';
import { numberIn } from './plain.ts';
import { Params, type ParamsInit, type ReadonlyParams } from './params.ts';
import { COLON } from './octets.ts';

/** Everything as it is meant, not as it is escaped. */
export interface SipURIParts {
  /** 'sip' when not given. */
  readonly scheme?: 'sip' | 'sips';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly params?: ParamsInit;
  readonly headers?: ParamsInit;
}

/** A sip: or sips: URI (RFC 3261 19.1). It never changes; `with` makes another. */
export class SipURI {
  readonly scheme: 'sip' | 'sips';
  private text: string | undefined;
  /** Of a plain text undefined until somebody asks. */
  private taken: Parts | undefined;

  /** @throws UsageError SIPX_PARSE_URI, SIPX_USAGE_HEADER */
  constructor(parts: SipURIParts, raw?: RawUserinfo) {
    this.scheme = parts.scheme ?? 'sip';
    this.text = raw?.text;
    this.taken = undefined;
    if (raw === PLAIN_ONE) return;
    if (!raw) check(parts);
    this.taken = {
      host: parts.host,
      port: parts.port,
      params: Params.of(parts.params, 'uri'),
      headers: Params.of(parts.headers, 'uri-header'),
      rawUser: raw ? raw.user : parts.user && escape(parts.user, IN_USER),
      rawPassword: raw ? raw.password : parts.password && escape(parts.password, IN_PASSWORD),
    };
  }

  get host(): string {
    return this.parts.host;
  }

  get port(): number | undefined {
    return this.parts.port;
  }

  /** The parameters behind the host; values are unescaped. */
  get params(): ReadonlyParams {
    return this.parts.params;
  }

  /** What stands behind `?`; values are unescaped. */
  get headers(): ReadonlyParams {
    return this.parts.headers;
  }

  /** Unescaped. */
  get user(): string | undefined {
    const { rawUser } = this.parts;
    return rawUser === undefined ? undefined : unescape(rawUser);
  }

  get password(): string | undefined {
    const { rawPassword } = this.parts;
    return rawPassword === undefined ? undefined : unescape(rawPassword);
  }

  /** True for sips:. */
  get secure(): boolean {
    return this.scheme === 'sips';
  }

  /** The transport parameter, in lower case. */
  get transport(): string | undefined {
    return this.params.get('transport')?.toLowerCase();
  }

  /** A loose router (RFC 3261 16.12): `;lr`, with or without a value. */
  get lr(): boolean {
    return this.params.has('lr');
  }

  /** Parsed text as it came. */
  toString(): string {
    this.text ??= this.compose();
    return this.text;
  }

  /** A part given as undefined is taken away. @throws UsageError as the constructor */
  with(changes: Partial<SipURIParts>): SipURI {
    const parts: SipURIParts = {
      scheme: this.scheme,
      host: this.host,
      port: this.port,
      params: this.params,
      headers: this.headers,
      ...changes,
    };
    check(parts);
    return new SipURI(parts, {
      user: 'user' in changes ? changes.user && escape(changes.user, IN_USER) : this.parts.rawUser,
      password:
        'password' in changes
          ? changes.password && escape(changes.password, IN_PASSWORD)
          : this.parts.rawPassword,
      text: undefined,
    });
  }

  /** RFC 3261 19.1.4. Not transitive, as that section makes it. */
  equals(other: { readonly scheme: string; toString(): string }): boolean {
    if (this.scheme !== other.scheme) return false;
    // One of a second copy of this package is known by its text.
    const that = other instanceof SipURI ? other : SipURI.read(this.scheme, other.toString());
    return (
      that !== undefined &&
      this.port === that.port &&
      this.host.toLowerCase() === that.host.toLowerCase() &&
      sameEscaped(this.parts.rawUser, that.parts.rawUser) &&
      sameEscaped(this.parts.rawPassword, that.parts.rawPassword) &&
      sameParams(this.params, that.params) &&
      sameHeaders(this.headers, that.headers)
    );
  }

  /** Of a text that is known to be of the plain form. @internal */
  static plain(text: string): SipURI {
    const uri = new SipURI(text.charCodeAt(3) === COLON ? PLAIN_SIP : PLAIN_SIPS, PLAIN_ONE);
    uri.text = text;
    return uri;
  }

  /** Undefined when malformed. `text` starts with the scheme and its colon. @internal */
  static read(scheme: 'sip' | 'sips', text: string): SipURI | undefined {
    let from = scheme.length + 1;
    let user: string | undefined;
    let password: string | undefined;
    const at = text.indexOf('@', from);
    if (at >= 0) {
      // The user may hold `;` and `?` (25.1, user-unreserved), so it is cut off before they are looked for.
      const colon = text.indexOf(':', from);
      const userEnd = colon >= 0 && colon < at ? colon : at;
      user = text.slice(from, userEnd);
      if (!USER.test(user) || hasBrokenEscape(user)) return undefined;
      if (userEnd < at) {
        password = text.slice(userEnd + 1, at);
        if (!PASSWORD.test(password) || hasBrokenEscape(password)) return undefined;
      }
      from = at + 1;
    }
    const question = text.indexOf('?', from);
    const end = question < 0 ? text.length : question;
    let semicolon = text.indexOf(';', from);
    if (semicolon < 0 || semicolon > end) semicolon = end;
    const address = readHostPort(text.slice(from, semicolon));
    if (!address) return undefined;
    const params =
      semicolon < end
        ? Params.parseURI(end < text.length ? text.slice(0, end) : text, 'uri', semicolon)
        : Params.NONE;
    const headers = question < 0 ? Params.NONE : Params.parseURI(text, 'uri-header', question);
    if (!params || !headers) return undefined;
    return new SipURI({ scheme, ...address, params, headers }, { user, password, text });
  }

  private get parts(): Parts {
    this.taken ??= takeApart(this.text ?? '', this.scheme);
    return this.taken;
  }

  private compose(): string {
    const { host, port, params, headers, rawUser, rawPassword } = this.parts;
    const password = rawPassword === undefined ? '' : `:${rawPassword}`;
    const userinfo = rawUser === undefined ? '' : `${rawUser}${password}@`;
    return `${this.scheme}:${userinfo}${hostPort(host, port)}${params}${headers}`;
  }
}

interface Parts {
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyParams;
  readonly headers: ReadonlyParams;
  /** Escaped, as written: reading and writing again loses no octet. */
  readonly rawUser: string | undefined;
  readonly rawPassword: string | undefined;
}

/** Of a plain text. */
const takeApart = (text: string, scheme: string): Parts => {
  const start = scheme.length + 1;
  const at = text.indexOf('@', start);
  const from = at < 0 ? start : at + 1;
  const semicolon = text.indexOf(';', from);
  const end = semicolon < 0 ? text.length : semicolon;
  const colon = text.indexOf(':', from);
  const ported = colon >= 0 && colon < end;
  return {
    host: text.slice(from, ported ? colon : end),
    port: ported ? numberIn(text, colon + 1, end) : undefined,
    params: semicolon < 0 ? Params.NONE : Params.plain(text, semicolon, 'uri'),
    headers: Params.NONE,
    rawUser: at < 0 ? undefined : text.slice(start, at),
    rawPassword: undefined,
  };
};

interface RawUserinfo {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly text: string | undefined;
}

const PLAIN_SIP: SipURIParts = { scheme: 'sip', host: '' };
const PLAIN_SIPS: SipURIParts = { scheme: 'sips', host: '' };
const PLAIN_ONE: RawUserinfo = { user: undefined, password: undefined, text: undefined };

/** Beyond 25.1 the user may hold `#` and non-ASCII, which deployed phones send. */
const USER = /^[^\s"<>@:\\^`{|}[\]\0-\x1f\x7f]+$/;
const PASSWORD = /^[^\s"<>@:;?/\\^`{|}[\]\0-\x1f\x7f]*$/;

const check = ({ scheme, user, password, host, port }: SipURIParts): void => {
  const ok =
    (scheme === undefined || scheme === 'sip' || scheme === 'sips') &&
    isHost(host) &&
    (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) &&
    user !== '' &&
    (password === undefined || user !== undefined);
  if (!ok) {
    throw new UsageError('SIPX_PARSE_URI', 'these parts make no SIP URI', {
      expected: 'a host (IPv6 without brackets), a port below 65536, a user before a password',
      got: shown(`${scheme}:${user ?? ''}@${host}:${port ?? ''}`),
    });
  }
  checkText('the user', user ?? '');
  checkText('the password', password ?? '');
};

const sameEscaped = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));

/** Their absence is not the same as any of their values. */
const DECISIVE = ['transport', 'user', 'ttl', 'method', 'maddr'];

const sameParams = (a: ReadonlyParams, b: ReadonlyParams): boolean => {
  if (a.size === 0 && b.size === 0) return true;
  const left = new Params(a, 'uri').comparable();
  const right = new Params(b, 'uri').comparable();
  if (DECISIVE.some((name) => left.get(name) !== right.get(name))) return false;
  for (const [name, value] of left) if ((right.get(name) ?? value) !== value) return false;
  return true;
};

const sameHeaders = (a: ReadonlyParams, b: ReadonlyParams): boolean => {
  if (a.size !== b.size) return false;
  const sorted = (params: ReadonlyParams): string =>
    JSON.stringify(
      params
        .entries()
        .map(([name, value]) => [name.toLowerCase(), value])
        .sort(([a1 = '', a2 = ''], [b1 = '', b2 = '']) => compare(a1, b1) || compare(a2, b2)),
    );
  return a.size === 0 || sorted(a) === sorted(b);
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
