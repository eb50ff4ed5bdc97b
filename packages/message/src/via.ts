import { hostPort, UsageError } from '@sipx/contracts';
import { checkToken, isToken, malformed, shown, skipSpace, trimmed } from './grammar.ts';
import { isHost, readHostPort } from './host.ts';
import { Params, type ParamsInit, type ReadonlyParams } from './params.ts';
import { lengthOf, numberIn, startOf } from './plain.ts';

export interface ViaParts {
  /** 'UDP', 'TCP', …; written as given. */
  readonly transport: string;
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly params?: ParamsInit;
  /** These three go into `params`; undefined takes one away. */
  readonly branch?: string | undefined;
  readonly received?: string | undefined;
  /** True asks for it (RFC 3581 3). */
  readonly rport?: number | true | undefined;
}

/** One hop (RFC 3261 20.42). It never changes; `with` makes another. */
export class Via {
  /** Of a plain one, to be taken apart when somebody asks. */
  private readonly text: string | undefined;
  private readonly layout: number;
  private taken: Parts | undefined;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor(parts: ViaParts, parsed: boolean = false, text?: string, layout: number = 0) {
    if (!parsed) check(parts);
    this.text = text;
    this.layout = layout;
    this.taken = text === undefined ? partsOf(parts) : undefined;
  }

  get transport(): string {
    return this.parts.transport;
  }

  get host(): string {
    return this.parts.host;
  }

  get port(): number | undefined {
    return this.parts.port;
  }

  get params(): ReadonlyParams {
    return this.parts.params;
  }

  get protocol(): 'SIP/2.0' {
    return 'SIP/2.0';
  }

  get branch(): string | undefined {
    const { text, layout } = this;
    const start = startOf(layout);
    return text === undefined || start === 0
      ? this.params.get('branch')
      : text.slice(start, start + lengthOf(layout));
  }

  /** The address that the request came from; IPv6 without the brackets that some peers add (RFC 5118 4.5). */
  get received(): string | undefined {
    return this.params.get('received')?.replace(/^\[(.*)\]$/, '$1');
  }

  /** True when the parameter is there and empty: the sender asks for it (RFC 3581). */
  get rport(): number | true | undefined {
    const text = this.params.get('rport');
    if (text === undefined || text === '') return text === '' ? true : undefined;
    const port = Number(text);
    return isPort(port) ? port : undefined;
  }

  /** `host` or `host:port`, as the wire has it. */
  get sentBy(): string {
    return hostPort(this.host, this.port);
  }

  /** @throws UsageError SIPX_USAGE_HEADER */
  with(changes: Partial<ViaParts>): Via {
    const { transport, host, port, params } = this;
    return new Via({ transport, host, port, params, ...changes });
  }

  toString(): string {
    return `SIP/2.0/${this.transport} ${this.sentBy}${this.params}`;
  }

  /** Of a text that is known to be of the plain form. @internal */
  static plain(text: string, layout: number): Via {
    return new Via(NO_PARTS, true, text, layout);
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  static parse(text: string): Via {
    const semicolon = text.indexOf(';');
    const end = semicolon < 0 ? text.length : semicolon;
    const transportAt = text.startsWith(PROTOCOL) ? PROTOCOL.length : protocolEnd(text);
    const space = firstSpace(text, transportAt);
    const transport = text.slice(transportAt, space);
    const address = readHostPort(sentByOf(text, space, end));
    const params = semicolon < 0 ? Params.NONE : Params.parse(text, semicolon);
    if (transportAt === 0 || !isToken(transport) || !address || !params) {
      throw malformed('Via', 'SIP/2.0/transport host:port;parameters', text);
    }
    return new Via({ transport, host: address.host, port: address.port, params }, true);
  }

  private get parts(): Parts {
    this.taken ??= takeApart(this.text ?? '');
    return this.taken;
  }
}

interface Parts {
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyParams;
}

const NO_PARTS: ViaParts = { transport: '', host: '' };

/** Of a plain text. */
const takeApart = (text: string): Parts => {
  const space = text.indexOf(' ');
  const semicolon = text.indexOf(';', space);
  const end = semicolon < 0 ? text.length : semicolon;
  const colon = text.indexOf(':', space);
  const ported = colon >= 0 && colon < end;
  return {
    transport: text.slice(PROTOCOL.length, space),
    host: text.slice(space + 1, ported ? colon : end),
    port: ported ? numberIn(text, colon + 1, end) : undefined,
    params: semicolon < 0 ? Params.NONE : Params.plain(text, semicolon, 'header'),
  };
};

const PROTOCOL = 'SIP/2.0/';
/** White space may stand around both slashes, and letters have no case. */
const SPACED_PROTOCOL = /^SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*/i;

const protocolEnd = (text: string): number => SPACED_PROTOCOL.exec(text)?.[0].length ?? 0;

const firstSpace = (text: string, from: number): number => {
  const space = text.indexOf(' ', from);
  const tab = text.indexOf('\t', from);
  if (space < 0 || tab < 0) return Math.max(space, tab, from);
  return Math.min(space, tab);
};

const sentByOf = (text: string, space: number, end: number): string => {
  const sentBy = text.slice(skipSpace(text, space), end);
  if (!sentBy.includes(' ') && !sentBy.includes('\t')) return sentBy;
  const colon = sentBy.lastIndexOf(':');
  if (colon < 0) return trimmed(sentBy);
  return `${trimmed(sentBy.slice(0, colon))}:${trimmed(sentBy.slice(colon + 1))}`;
};

const check = ({ transport, host, port }: ViaParts): void => {
  checkToken('the transport', transport);
  if (isHost(host) && (port === undefined || isPort(port))) return;
  throw new UsageError('SIPX_USAGE_HEADER', 'no sent-by', {
    expected: 'a host (IPv6 without brackets) and a port below 65536',
    got: shown(`${host}:${port}`),
  });
};

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;

const partsOf = (parts: ViaParts): Parts => ({
  transport: parts.transport,
  host: parts.host,
  port: parts.port,
  params: paramsOf(parts),
});

const paramsOf = (parts: ViaParts): ReadonlyParams => {
  if (!('branch' in parts || 'received' in parts || 'rport' in parts)) {
    return Params.of(parts.params);
  }
  const params = new Params(parts.params);
  if ('branch' in parts) params.set('branch', parts.branch);
  if ('received' in parts) params.set('received', parts.received);
  if ('rport' in parts) params.set('rport', parts.rport);
  return Params.of(params);
};
