import { type MediaDirection, ProtocolError } from '@sipx/contracts';

/** As much of a session description (RFC 8866) as an offer of audio needs. */
export interface SessionDescription {
  readonly media: readonly MediaDescription[];
}

export interface MediaDescription {
  /** `audio`, `video`… */
  readonly kind: string;
  /** 0: refused or removed. */
  readonly port: number;
  /** `RTP/AVP`… */
  readonly protocol: string;
  /** Payload types, in order of preference. */
  readonly formats: readonly string[];
  /** The m-line's own connection address, or the session's. */
  readonly address: string | undefined;
  /** The m-line's own direction, or the session's, or sendrecv. */
  readonly direction: MediaDirection;
  /** What `a=rtpmap` says of a format; the two static ones of G.711 are there without it. */
  readonly encodings: ReadonlyMap<string, Encoding>;
}

interface Encoding {
  /** In upper case: encoding names know no case (RFC 8866 6.6). */
  readonly name: string;
  readonly clockRate: number;
}

const MAX_LENGTH = 65_535;
const STATIC: readonly (readonly [string, Encoding])[] = [
  ['0', { name: 'PCMU', clockRate: 8000 }],
  ['8', { name: 'PCMA', clockRate: 8000 }],
];

/**
 * Lines end in CRLF or LF; lines that are not understood are passed over.
 * @throws ProtocolError SIPX_PARSE_BODY
 */
export const parseSessionDescription = (text: string): SessionDescription => {
  if (text.length > MAX_LENGTH) throw malformed(`at most ${MAX_LENGTH} characters`, text.length);
  const lines = text.split(/\r?\n/);
  if (lines[0] !== 'v=0') throw malformed('v=0', lines[0]);

  const session = new Section();
  const sections: Section[] = [];
  let section = session;
  for (const line of lines) {
    if (line.startsWith('m=')) {
      section = new Section(line);
      sections.push(section);
    } else {
      section.read(line);
    }
  }
  return { media: sections.map((one) => one.describe(session)) };
};

/** The lines of one m-line's section, or those before the first. */
class Section {
  readonly #line: string;
  #address: string | undefined;
  #direction: MediaDirection | undefined;
  readonly #encodings: Map<string, Encoding> = new Map(STATIC);

  constructor(line = '') {
    this.#line = line;
  }

  read(line: string): void {
    if (line.startsWith('c=')) {
      this.#address = /^c=IN IP[46] ([^\s/]+)/.exec(line)?.[1];
    } else if (line.startsWith('a=rtpmap:')) {
      const [, format, name = '', rate] =
        /^a=rtpmap:(\d{1,3}) ([^/\s]+)\/(\d{1,9})/.exec(line) ?? [];
      const encoding = { name: name.toUpperCase(), clockRate: Number(rate) };
      if (format !== undefined) this.#encodings.set(format, encoding);
    } else {
      const direction = line.slice(2);
      if (line.startsWith('a=') && isDirection(direction)) this.#direction = direction;
    }
  }

  describe(session: Section): MediaDescription {
    const match = /^m=(\S+) (\d{1,5})(?:\/\d+)? (\S+) (\S.*)$/.exec(this.#line);
    const port = Number(match?.[2]);
    if (!match || port > 65_535) throw malformed('m=kind port protocol formats', this.#line);
    const [, kind = '', , protocol = '', formats = ''] = match;
    return {
      kind,
      port,
      protocol,
      formats: formats.trim().split(/\s+/),
      address: this.#address ?? session.#address,
      direction: this.#direction ?? session.#direction ?? 'sendrecv',
      encodings: this.#encodings,
    };
  }
}

/** What this side says of itself. */
export interface LocalDescription {
  /** Digits: the same for the whole session, and one more for each change (RFC 3264 5, 8). */
  readonly id: number;
  readonly version: number;
  /** An address literal. */
  readonly address: string;
  readonly media: readonly LocalMedia[];
}

export interface LocalMedia {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** The attribute lines without `a=`. */
  readonly attributes: readonly string[];
}

export const writeSessionDescription = (local: LocalDescription): string => {
  const family = local.address.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=- ${local.id} ${local.version} IN ${family} ${local.address}`,
    's=-',
    `c=IN ${family} ${local.address}`,
    't=0 0',
    ...local.media.flatMap(({ kind, port, protocol, formats, attributes }) => [
      `m=${kind} ${port} ${protocol} ${formats.join(' ')}`,
      ...attributes.map((attribute) => `a=${attribute}`),
    ]),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
};

const isDirection = (text: string): text is MediaDirection =>
  text === 'sendrecv' || text === 'sendonly' || text === 'recvonly' || text === 'inactive';

const malformed = (expected: string, got: unknown): ProtocolError =>
  new ProtocolError('SIPX_PARSE_BODY', 'not a session description', {
    expected,
    got: JSON.stringify(got)?.slice(0, 100) ?? 'nothing',
  });
