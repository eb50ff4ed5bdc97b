// Through the entry: so the build leaves the core in one piece, whose constants V8 can take for such.
import { MediaType } from '../../index.ts';
import { bothOf } from '../charset.ts';
import { readSDP, type SectionTexts } from './read-sdp.ts';
import type { SDPAttribute, SDPFingerprint, SDPICE } from './sdp-attributes.ts';
import type {
  SDPBandwidth,
  SDPConnection,
  SDPDirection,
  SDPGroup,
  SDPMedia,
  SDPOrigin,
  SDPParts,
  SDPSession,
  SDPTime,
} from './sdp-session.ts';
import { writeSDP } from './write-sdp.ts';

/**
 * A session description (RFC 8866). What was read is written back octet for octet; after a change so are the
 * m= sections that are the same values as before, and the rest by value.
 */
export class SDPBody implements SDPSession {
  readonly type = 'sdp';
  readonly mediaType: MediaType = SDP;
  readonly origin: SDPOrigin;
  readonly name: string;
  readonly information: string | undefined;
  readonly uri: string | undefined;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly connection: SDPConnection | undefined;
  readonly bandwidths: readonly SDPBandwidth[];
  readonly times: readonly SDPTime[];
  readonly timeZones: string | undefined;
  readonly direction: SDPDirection | undefined;
  readonly groups: readonly SDPGroup[];
  readonly iceLite: boolean;
  readonly ice: SDPICE | undefined;
  readonly iceOptions: readonly string[];
  readonly fingerprints: readonly SDPFingerprint[];
  readonly setup: string | undefined;
  readonly attributes: readonly SDPAttribute[];
  readonly otherLines: readonly string[];
  readonly media: readonly SDPMedia[];
  readonly content: Uint8Array;
  private readonly text: string;

  /** @throws UsageError SIPX_USAGE for what would break out of its line or its place in it */
  constructor(parts: SDPParts, read?: ReturnType<typeof bothOf>) {
    const { text, content } = read ?? bothOf(writeSDP(parts, texts));
    const session = readSDP(text, texts);
    this.origin = session.origin;
    this.name = session.name;
    this.information = session.information;
    this.uri = session.uri;
    this.emails = session.emails;
    this.phones = session.phones;
    this.connection = session.connection;
    this.bandwidths = session.bandwidths;
    this.times = session.times;
    this.timeZones = session.timeZones;
    this.direction = session.direction;
    this.groups = session.groups;
    this.iceLite = session.iceLite;
    this.ice = session.ice;
    this.iceOptions = session.iceOptions;
    this.fingerprints = session.fingerprints;
    this.setup = session.setup;
    this.attributes = session.attributes;
    this.otherLines = session.otherLines;
    this.media = session.media;
    this.text = text;
    this.content = content;
  }

  /** @throws ProtocolError SIPX_PARSE_BODY */
  static parse(content: string | Uint8Array): SDPBody {
    return new SDPBody(NOTHING, bothOf(content));
  }

  /**
   * `sdp.with({ media: sdp.media.map((media) => ({ ...media, direction: 'sendonly' })) })`. A media section
   * that is not given anew follows what changes in the session.
   * @throws UsageError SIPX_USAGE
   */
  with(changes: Partial<SDPParts>): SDPBody {
    return new SDPBody({ ...this, ...changes });
  }

  /** The same with the next session version, as a changed offer or answer has it (RFC 3264 8). */
  nextVersion(): SDPBody {
    const { origin } = this;
    const sessionVersion = String(BigInt(origin.sessionVersion) + 1n);
    return this.with({ origin: { ...origin, sessionVersion } });
  }

  toString(): string {
    return this.text;
  }
}

const SDP = /* @__PURE__ */ new MediaType('application', 'sdp');
const NOTHING: SDPParts = {
  origin: { username: '-', sessionId: '0', sessionVersion: '0', address: '0.0.0.0' },
};
/** A memory of texts by the values made from them: a value that is not known here is written anew. */
const texts: SectionTexts = new WeakMap();
