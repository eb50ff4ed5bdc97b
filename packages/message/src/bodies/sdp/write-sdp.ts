import { checkBodyLine, notWritable } from '../faults.ts';
import type { SectionTexts } from './read-sdp.ts';
import { type SDPAttribute, writeCandidate, writeCrypto } from './sdp-attributes.ts';
import { writeCodec } from './sdp-codecs.ts';
import type {
  SDPMedia,
  SDPMediaParts,
  SDPOrigin,
  SDPParts,
  SDPSection,
  SDPTime,
} from './sdp-session.ts';

/** Lines in the order of RFC 8866 5. Sections that are as they were read keep their text. @throws UsageError SIPX_USAGE */
export const writeSDP = (parts: SDPParts, texts: SectionTexts): string => {
  const media = (parts.media ?? []).map((section) => {
    const text = texts.get(section as SDPMedia);
    // The last one of a description may lack the end of its line.
    return text === undefined
      ? lines(writeMedia(section, parts))
      : text.replace(/[^\r\n]$/, '$&\r\n');
  });
  return [lines(writeSession(parts)), ...media].join('');
};

const writeSession = (parts: SDPParts): string[] => {
  const { origin, name = '-', uri, emails = [], phones = [], connection, times = ALWAYS } = parts;
  const { timeZones, direction, groups = [], iceLite } = parts;
  return inOrder([
    'v=0',
    writeOrigin(origin),
    `s=${name}`,
    ...lineOf('u', uri),
    ...emails.map((email) => `e=${email}`),
    ...phones.map((phone) => `p=${phone}`),
    ...(connection
      ? [`c=IN IP${connection.family} ${checkWord('an address', connection.address)}`]
      : []),
    ...times.flatMap(({ start, stop, repeats = [] }) => [
      `t=${checkWord('a time', start)} ${checkWord('a time', stop)}`,
      ...repeats.map((repeat) => `r=${repeat}`),
    ]),
    ...lineOf('z', timeZones),
    ...groups.map(({ semantics, mids }) => `a=group:${[semantics, ...mids].join(' ')}`),
    ...(iceLite ? ['a=ice-lite'] : []),
    ...(direction ? [`a=${direction}`] : []),
    ...writeSection(parts, {}),
  ]);
};

const ALWAYS: readonly SDPTime[] = [{ start: '0', stop: '0' }];

const writeMedia = (media: SDPMediaParts, session: SDPParts): string[] => {
  const { type, port, portCount, protocol = 'RTP/AVP', codecs = [], formats = [], address } = media;
  const { direction, packetTime, maxPacketTime, mid, rtcp, candidates = [], crypto = [] } = media;
  const words = codecs.length > 0 ? codecs.map(({ payloadType }) => payloadType) : formats;
  const ports = portCount === undefined ? port : `${port}/${portCount}`;
  const inherited = session.connection;
  const family = address === undefined ? 4 : familyOf(address, media.family);
  const isOwn = address !== inherited?.address || family !== inherited?.family;
  return inOrder([
    `m=${checkWord('a media type', type)} ${checkPort(port, ports)} ${checkWord('a protocol', protocol)} ${words.join(' ')}`.trimEnd(),
    ...(address !== undefined && isOwn
      ? [`c=IN IP${family} ${checkWord('an address', address)}`]
      : []),
    ...codecs.flatMap(writeCodec).map((line) => `a=${line}`),
    ...attribute('ptime', packetTime),
    ...attribute('maxptime', maxPacketTime),
    ...attribute('mid', mid),
    ...(direction && direction !== (session.direction ?? 'sendrecv') ? [`a=${direction}`] : []),
    ...(rtcp ? attribute('rtcp', writeRTCP(rtcp)) : []),
    ...(media.rtcpMux ? ['a=rtcp-mux'] : []),
    ...crypto.flatMap((line) => attribute('crypto', writeCrypto(line))),
    ...candidates.flatMap((line) => attribute('candidate', writeCandidate(line))),
    ...(media.endOfCandidates ? ['a=end-of-candidates'] : []),
    ...writeSection(media, session),
  ]);
};

/** Nothing that the section inherits is said again. */
const writeSection = (own: Partial<SDPSection>, session: Partial<SDPSection>): string[] => {
  const { ice, iceOptions = [], fingerprints = [], setup, attributes = [] } = own;
  return [
    ...lineOf('i', own.information),
    ...(own.bandwidths ?? []).map(({ type, limit }) => `b=${type}:${limit}`),
    ...(ice && !same(ice, session.ice)
      ? [...attribute('ice-ufrag', ice.ufrag), ...attribute('ice-pwd', ice.password)]
      : []),
    ...(iceOptions.length > 0 && !same(iceOptions, session.iceOptions)
      ? attribute('ice-options', iceOptions.join(' '))
      : []),
    ...(same(fingerprints, session.fingerprints)
      ? []
      : fingerprints.flatMap(({ algorithm, value }) =>
          attribute('fingerprint', `${algorithm} ${value}`),
        )),
    ...(setup === session.setup ? [] : attribute('setup', setup)),
    ...attributes.map(writeAttribute),
    ...(own.otherLines ?? []),
  ];
};

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const lineOf = (letter: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`${letter}=${value}`];

const attribute = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`a=${name}:${value}`];

const writeAttribute = ({ name, value }: SDPAttribute): string => {
  if (!/^[^\s:]+$/.test(name)) throw notWritable('an attribute', 'a name that is a token', name);
  return value === undefined ? `a=${name}` : `a=${name}:${value}`;
};

const writeOrigin = (origin: SDPOrigin): string => {
  const { username, sessionId, sessionVersion, address, family } = origin;
  for (const number of [sessionId, sessionVersion]) {
    if (!/^\d+$/.test(number))
      throw notWritable('an origin', 'digits as its id and version', number);
  }
  return [
    `o=${checkWord('a user name', username)}`,
    sessionId,
    sessionVersion,
    `IN IP${familyOf(address, family)}`,
    checkWord('an address', address),
  ].join(' ');
};

const writeRTCP = ({ port, address }: { port: number; address?: string }): string =>
  address === undefined ? String(port) : `${port} IN IP${familyOf(address)} ${address}`;

/** A host name is of the family that is said; an address says it itself. */
const familyOf = (address: string, family: 4 | 6 = 4): 4 | 6 => {
  if (address.includes(':')) return 6;
  return /^[\d./]+$/.test(address) ? 4 : family;
};

const checkWord = (what: string, text: string): string => {
  if (!/^\S+$/.test(text)) throw notWritable(what, 'a word without white space', text);
  return text;
};

const checkPort = (port: number, text: string | number): string | number => {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return text;
  throw notWritable('a port', '0 to 65535', String(port));
};

const ORDER = 'mvosiuepcbtzka';

/** The order of their letters, and that of the list within one; r= stays behind its t=. */
const inOrder = (all: readonly string[]): string[] => {
  const byLetter = new Map<string, string[]>([...ORDER].map((letter) => [letter, []]));
  const last = byLetter.get('a') ?? [];
  for (const line of all) {
    const letter = line.startsWith('r=') ? 't' : line.slice(0, 1);
    (byLetter.get(letter) ?? last).push(line);
  }
  return [...byLetter.values()].flat();
};

const lines = (all: readonly string[]): string =>
  all.map((line) => `${checkBodyLine('a session description', line)}\r\n`).join('');
