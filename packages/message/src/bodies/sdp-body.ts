import { ProtocolError } from '@sipx/contracts';
import sdpTransform, {
  type Connection,
  type MediaDescription,
  type SessionDescription,
} from 'sdp-transform';
import { fromUtf8 } from '../bytes.ts';
import { shown } from '../grammar.ts';

export type SDPDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The o= line (RFC 8866 5.2). The numbers stay text: they may be longer than 53 bits. */
export interface SDPOrigin {
  readonly username: string;
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly address: string;
}

/** A c= line (RFC 8866 5.7). */
export interface SDPConnection {
  readonly family: 4 | 6;
  readonly address: string;
}

/** A payload format, in the order of preference of its m= line. */
export interface SDPCodec {
  readonly payloadType: number;
  /** '' for a dynamic payload type without a=rtpmap. */
  readonly name: string;
  /** Hz; 0 when unknown. */
  readonly clockRate: number;
  readonly channels?: number;
  /** What a=fmtp says. */
  readonly parameters?: string;
}

/** One m= section with what it inherits from the session. */
export interface SDPMedia {
  /** 'audio', 'video', … */
  readonly type: string;
  /** 0 is a stream that was refused (RFC 3264 6). */
  readonly port: number;
  readonly protocol: string;
  readonly address: string | undefined;
  readonly direction: SDPDirection;
  /** Empty where the formats are no RTP payload types. */
  readonly codecs: readonly SDPCodec[];
  /** Milliseconds in a packet. */
  readonly packetTime: number | undefined;
}

/** A session description (RFC 8866), to be read; it is written back as it came. */
export class SDPBody {
  readonly origin: SDPOrigin;
  readonly name: string;
  /** The c= line of the session. */
  readonly connection: SDPConnection | undefined;
  readonly media: readonly SDPMedia[];
  private readonly text: string;

  private constructor(text: string, session: SessionDescription) {
    const { origin, name, connection, media } = session;
    if (String(session.version) !== '0' || !origin) throw notSDP(text);
    this.text = text;
    this.origin = {
      username: String(origin.username),
      sessionId: String(origin.sessionId),
      sessionVersion: String(origin.sessionVersion),
      address: String(origin.address),
    };
    this.name = String(name ?? '');
    this.connection = readConnection(connection);
    this.media = media.map((section) => readMedia(section, session, text));
  }

  /** @throws ProtocolError SIPX_PARSE_BODY */
  static parse(content: string | Uint8Array): SDPBody {
    const text = typeof content === 'string' ? content : fromUtf8(content);
    return new SDPBody(text, sdpTransform.parse(text));
  }

  toString(): string {
    return this.text;
  }
}

const readMedia = (
  section: MediaDescription,
  session: SessionDescription,
  text: string,
): SDPMedia => {
  const port = Number(section.port);
  if (section.type === undefined || !(port >= 0 && port <= 65_535)) throw notSDP(text);
  const { ptime, protocol } = section;
  return {
    type: String(section.type),
    port,
    protocol: String(protocol),
    address: readConnection(section.connection ?? session.connection)?.address,
    direction: section.direction ?? session.direction ?? 'sendrecv',
    codecs: String(protocol).includes('RTP') ? readCodecs(section) : [],
    packetTime: ptime === undefined ? undefined : Number(ptime),
  };
};

const readCodecs = ({ payloads, rtp, fmtp }: MediaDescription): SDPCodec[] =>
  String(payloads ?? '')
    .split(/\s+/)
    .filter((format) => /^\d{1,3}$/.test(format))
    .map((format): SDPCodec => {
      const payloadType = Number(format);
      const map = rtp.find(({ payload }) => Number(payload) === payloadType);
      const [name, clockRate] = map
        ? [String(map.codec), Number(map.rate ?? 0)]
        : (STATIC[payloadType] ?? ['', 0]);
      const channels = map?.encoding;
      const parameters = fmtp.find(({ payload }) => Number(payload) === payloadType)?.config;
      return {
        payloadType,
        name,
        clockRate,
        ...(channels !== undefined && { channels: Number(channels) }),
        ...(parameters !== undefined && { parameters: String(parameters) }),
      };
    });

/** Payload types that need no a=rtpmap (RFC 3551 6); those that a telephone may offer. */
const STATIC: Readonly<Record<number, readonly [name: string, clockRate: number]>> = {
  0: ['PCMU', 8_000],
  3: ['GSM', 8_000],
  4: ['G723', 8_000],
  8: ['PCMA', 8_000],
  9: ['G722', 8_000],
  13: ['CN', 8_000],
  15: ['G728', 8_000],
  18: ['G729', 8_000],
};

const readConnection = (connection: Connection | undefined): SDPConnection | undefined =>
  connection && {
    family: Number(connection.version) === 6 ? 6 : 4,
    address: String(connection.ip),
  };

const notSDP = (text: string): ProtocolError =>
  new ProtocolError('SIPX_PARSE_BODY', 'no session description', {
    expected: 'v=0, o=, and m= lines with a port (RFC 8866)',
    got: shown(text),
  });
