import type { ProtocolError } from '@sipx/contracts';
import { notA } from '../faults.ts';
import { parsed, type Reader, SectionLines } from './section-lines.ts';
import { readCandidate, readCrypto } from './sdp-attributes.ts';
import { readCodecs } from './sdp-codecs.ts';
import type {
  SDPBandwidth,
  SDPConnection,
  SDPDirection,
  SDPGroup,
  SDPMedia,
  SDPOrigin,
  SDPSection,
  SDPSession,
  SDPTime,
} from './sdp-session.ts';

/** The text that an m= section was read from: it goes out again as long as the section is the same value. */
export type SectionTexts = WeakMap<SDPMedia, string>;

/** Lines may end in LF or CR alone (RFC 8866 5 asks to read that). @throws ProtocolError SIPX_PARSE_BODY */
export const readSDP = (text: string, texts: SectionTexts): SDPSession => {
  const [head = '', ...sections] = text.split(SECTION);
  const session = readSession(head);
  const media = sections.map((section) => {
    const read = readMedia(section, session);
    texts.set(read, section);
    return read;
  });
  return { ...session, media };
};

/** With the flag `m` a ^ would also stand behind U+2028, which ends no line here. */
const SECTION = /(?<=^|[\r\n])(?=m=)/;

type Head = Omit<SDPSession, 'media'>;

const readSession = (text: string): Head => {
  const lines = new SectionLines(text);
  const version = lines.first('v', word);
  const origin = lines.first('o', readOrigin);
  if (version !== '0' || !origin) throw notSDP(text);
  return {
    origin,
    name: lines.first('s', whole) ?? '',
    uri: lines.first('u', whole),
    emails: lines.all('e', whole),
    phones: lines.all('p', whole),
    connection: lines.first('c', readConnection),
    times: readTimes(lines),
    timeZones: lines.first('z', whole),
    direction: readDirection(lines),
    groups: lines.all('a=group', readGroup),
    iceLite: lines.flag('ice-lite'),
    ...readSection(lines),
  };
};

/** Written out, since a spread of so many fields takes several times as long. */
const readMedia = (text: string, session: Head): SDPMedia => {
  const lines = new SectionLines(text);
  const stream = lines.first('m', readStream);
  if (!stream) throw notSDP(text);
  const { formats } = stream;
  const isRTP = stream.protocol.includes('RTP') && formats.every((format) => PAYLOAD.test(format));
  const connection = lines.first('c', readConnection) ?? session.connection;
  const media: Omit<SDPMedia, keyof SDPSection> = {
    type: stream.type,
    port: stream.port,
    portCount: stream.portCount,
    protocol: stream.protocol,
    codecs: isRTP ? readCodecs(formats.map(Number), lines) : [],
    formats: isRTP ? [] : formats,
    address: connection?.address,
    family: connection && isIP6Name(connection) ? 6 : undefined,
    direction: readDirection(lines) ?? session.direction ?? 'sendrecv',
    packetTime: lines.first('a=ptime', readTime),
    maxPacketTime: lines.first('a=maxptime', readTime),
    mid: lines.first('a=mid', word),
    rtcp: lines.first('a=rtcp', readRTCP),
    rtcpMux: lines.flag('rtcp-mux'),
    candidates: lines.all('a=candidate', readCandidate),
    endOfCandidates: lines.flag('end-of-candidates'),
    crypto: lines.all('a=crypto', readCrypto),
  };
  const own = readSection(lines);
  const { iceOptions, fingerprints } = own;
  return Object.assign(media, {
    information: own.information,
    bandwidths: own.bandwidths,
    ice: own.ice ?? session.ice,
    iceOptions: iceOptions.length > 0 ? iceOptions : session.iceOptions,
    fingerprints: fingerprints.length > 0 ? fingerprints : session.fingerprints,
    setup: own.setup ?? session.setup,
    attributes: own.attributes,
    otherLines: own.otherLines,
  });
};

/** Last of all, since it takes what is left. */
const readSection = (lines: SectionLines): SDPSection => {
  // Of the two, one without the other is of no use, and stays an attribute.
  const both = lines.has('a=ice-ufrag') && lines.has('a=ice-pwd');
  return {
    information: lines.first('i', whole),
    bandwidths: lines.all('b', readBandwidth),
    ice: both
      ? {
          ufrag: lines.first('a=ice-ufrag', word) ?? '',
          password: lines.first('a=ice-pwd', word) ?? '',
        }
      : undefined,
    iceOptions: lines.first('a=ice-options', (value) => value.trim().split(/ +/)) ?? [],
    fingerprints: lines.all(
      'a=fingerprint',
      parsed(
        ({ fingerprint }) =>
          fingerprint && { algorithm: String(fingerprint.type), value: String(fingerprint.hash) },
      ),
    ),
    setup: lines.first('a=setup', word),
    attributes: lines.attributes(),
    otherLines: lines.others(),
  };
};

const whole: Reader<string> = (value) => value;
const word: Reader<string> = (value) => value.trim();

/** sdp-transform reads neither a number of ports nor a hyphen in the type. */
const readStream: Reader<Pick<SDPMedia, 'type' | 'port' | 'portCount' | 'protocol' | 'formats'>> = (
  value,
) => {
  const [, type = '', digits, count, protocol = '', formats = ''] = STREAM.exec(value) ?? [];
  const port = Number(digits);
  if (!(port <= 65_535)) return undefined;
  return {
    type,
    port,
    portCount: count === undefined ? undefined : Number(count),
    protocol,
    formats: formats.split(/\s+/).filter((format) => format !== ''),
  };
};

const STREAM = /^(\S+) +(\d{1,5})(?:\/(\d{1,5}))? +(\S+)(?: +(.*))?$/;
const PAYLOAD = /^(?:\d{1,2}|1[01]\d|12[0-7])$/;

const readOrigin: Reader<SDPOrigin> = parsed(({ origin }) => {
  if (!origin) return undefined;
  const address = String(origin.address);
  const isName = isIP6Name({ family: Number(origin.ipVer), address });
  return {
    username: String(origin.username),
    sessionId: String(origin.sessionId),
    sessionVersion: String(origin.sessionVersion),
    address,
    ...(isName && { family: 6 }),
  };
});

const readConnection: Reader<SDPConnection> = parsed(
  ({ connection }) =>
    connection && {
      family: Number(connection.version) === 6 ? 6 : 4,
      address: String(connection.ip),
    },
);

/** An address with colons says itself that it is one of IP6. */
const isIP6Name = ({ family, address }: { family: number; address: string }): boolean =>
  family === 6 && !address.includes(':');

const readBandwidth: Reader<SDPBandwidth> = (value) => {
  const [, type = '', limit] = /^([\w-]+):(\d{1,15})\s*$/.exec(value) ?? [];
  return limit === undefined ? undefined : { type, limit: Number(limit) };
};

const readTimes = (lines: SectionLines): SDPTime[] => {
  const times: { start: string; stop: string; repeats?: string[] }[] = [];
  for (const [letter, value] of lines.inOrder('tr')) {
    const last = times.at(-1);
    if (letter === 't') {
      const [start = '', stop = ''] = value.trim().split(/ +/);
      times.push({ start, stop });
    } else if (last) (last.repeats ??= []).push(value);
  }
  return times;
};

const readDirection = (lines: SectionLines): SDPDirection | undefined =>
  DIRECTIONS.find((direction) => lines.flag(direction));

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

const readGroup: Reader<SDPGroup> = (value) => {
  const [semantics = '', ...mids] = value.trim().split(/ +/);
  return semantics === '' ? undefined : { semantics, mids };
};

const readTime: Reader<number> = parsed(({ ptime, maxptime }) => {
  const time = Number(ptime ?? maxptime);
  return time > 0 ? time : undefined;
});

const readRTCP = parsed(
  ({ rtcp }) =>
    rtcp && {
      port: Number(rtcp.port),
      ...(rtcp.address !== undefined && { address: String(rtcp.address) }),
    },
);

const notSDP = (text: string): ProtocolError =>
  notA('session description', 'v=0, o=, and m= lines with a port (RFC 8866)', text);
