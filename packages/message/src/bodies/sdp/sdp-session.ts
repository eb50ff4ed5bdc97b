import type {
  SDPAttribute,
  SDPCandidate,
  SDPCrypto,
  SDPFingerprint,
  SDPICE,
} from './sdp-attributes.ts';

export type SDPDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The o= line (RFC 8866 5.2). The numbers stay text: they may be longer than 53 bits. */
export interface SDPOrigin {
  readonly username: string;
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly address: string;
  /** For a host name that is IP6; an address says it itself. */
  readonly family?: 4 | 6;
}

/** A c= line (RFC 8866 5.7). The address may have a TTL or a count behind a slash. */
export interface SDPConnection {
  readonly family: 4 | 6;
  readonly address: string;
}

/** A b= line (RFC 8866 5.8). */
export interface SDPBandwidth {
  /** 'AS', 'CT', 'TIAS', 'RS', 'RR'. */
  readonly type: string;
  /** kbit/s for AS and CT, bit/s for the others. */
  readonly limit: number;
}

/** A t= line (RFC 8866 5.9), seconds since 1900; 0 and 0 are always. Text, as in the origin. */
export interface SDPTime {
  readonly start: string;
  readonly stop: string;
  /** The values of its r= lines. */
  readonly repeats?: readonly string[];
}

/** A payload format, in the order of preference of its m= line. */
export interface SDPCodec {
  /** 0 to 127. */
  readonly payloadType: number;
  /** '' for a dynamic payload type without a=rtpmap. */
  readonly name: string;
  /** Hz; 0 when unknown. */
  readonly clockRate: number;
  readonly channels?: number;
  /** What a=fmtp says. */
  readonly parameters?: string;
  /** What each a=rtcp-fb says: 'nack', 'ccm fir'. */
  readonly feedback?: readonly string[];
}

/** What may stand in the session and in each m= section. */
export interface SDPSection {
  /** The i= line. */
  readonly information: string | undefined;
  readonly bandwidths: readonly SDPBandwidth[];
  /** RFC 8839 5.4. */
  readonly ice: SDPICE | undefined;
  /** RFC 8839 5.6. */
  readonly iceOptions: readonly string[];
  /** RFC 8122 5. */
  readonly fingerprints: readonly SDPFingerprint[];
  /** The role in DTLS (RFC 5763 5) or TCP (RFC 4145 4). */
  readonly setup: 'active' | 'passive' | 'actpass' | 'holdconn' | (string & {}) | undefined;
  /** The a= lines that have no place of their own here, in their order. */
  readonly attributes: readonly SDPAttribute[];
  /** Other lines that have none, such as k=; whole, without their ends. */
  readonly otherLines: readonly string[];
}

/**
 * One m= section. What it inherits from the session, when it does not say it itself, is here too: address,
 * direction, ICE, fingerprints, setup.
 */
export interface SDPMedia extends SDPSection {
  /** 'audio', 'video', … */
  readonly type: string;
  /** 0 is a stream that was refused (RFC 3264 6). */
  readonly port: number;
  /** How many ports, for a hierarchically encoded stream. */
  readonly portCount: number | undefined;
  readonly protocol: string;
  /** Of RTP; empty where the formats are no RTP payload types. */
  readonly codecs: readonly SDPCodec[];
  /** The formats where they are none. */
  readonly formats: readonly string[];
  readonly address: string | undefined;
  /** For a host name that is IP6; an address says it itself. */
  readonly family: 4 | 6 | undefined;
  readonly direction: SDPDirection;
  /** Milliseconds in a packet. */
  readonly packetTime: number | undefined;
  readonly maxPacketTime: number | undefined;
  /** RFC 5888 4. */
  readonly mid: string | undefined;
  /** RFC 3605. */
  readonly rtcp: { readonly port: number; readonly address?: string } | undefined;
  /** RFC 5761. */
  readonly rtcpMux: boolean;
  /** RFC 8839 5.1. */
  readonly candidates: readonly SDPCandidate[];
  readonly endOfCandidates: boolean;
  /** RFC 4568. Keys are secrets. */
  readonly crypto: readonly SDPCrypto[];
}

/** A whole session description. */
export interface SDPSession extends SDPSection {
  readonly origin: SDPOrigin;
  readonly name: string;
  readonly uri: string | undefined;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** The c= line of the session. */
  readonly connection: SDPConnection | undefined;
  readonly times: readonly SDPTime[];
  /** The z= line. */
  readonly timeZones: string | undefined;
  readonly direction: SDPDirection | undefined;
  /** RFC 5888 5: BUNDLE, LS, FID. */
  readonly groups: readonly SDPGroup[];
  /** RFC 8839 5.3. */
  readonly iceLite: boolean;
  readonly media: readonly SDPMedia[];
}

export interface SDPGroup {
  readonly semantics: string;
  readonly mids: readonly string[];
}

/** What a section is made of: what is left out is not said, and so inherited. The protocol is RTP/AVP. */
export type SDPMediaParts = Pick<SDPMedia, 'type' | 'port'> & Partial<SDPMedia>;

/** What a session description is made of. Without a time it is always. */
export type SDPParts = Pick<SDPSession, 'origin'> &
  Partial<Omit<SDPSession, 'media'>> & { readonly media?: readonly SDPMediaParts[] };
