import { isIP } from 'node:net';
import { type MediaDirection, ProtocolError } from '@sipx/contracts';
import { type Codec, type CodecName, codecs } from './g711.ts';
import { type LocalMedia, type MediaDescription, parseSessionDescription } from './sdp.ts';

/** What this side is ready to do, before the other is asked. */
export interface Capabilities {
  /** In order of preference. */
  readonly codecs: readonly CodecName[];
  readonly dtmf: boolean;
  /** The address this side is bound to, which the other's must share its family with. */
  readonly address: string;
  readonly port: number;
}

/** What both sides agreed on: offer/answer's outcome (RFC 3264). */
export interface Agreement {
  readonly codec: Codec;
  /** The number to send the codec under. */
  readonly payloadType: number;
  /** The number to send telephone-events under; undefined when the other side does not know them. */
  readonly eventType: number | undefined;
  /** What a packet that comes in holds, by its payload type. */
  readonly receives: ReadonlyMap<number, Codec | 'event'>;
  readonly remote: { readonly host: string; readonly port: number };
  /** From this side's view. */
  readonly direction: MediaDirection;
  /** Every m-line of the session in its order; a later offer has to keep them (RFC 3264 8). */
  readonly layout: readonly LocalMedia[];
}

const EVENT_TYPE = 101;
const PROTOCOL = 'RTP/AVP';

/** The m-lines of an offer; `layout` is what an earlier exchange settled. */
export const offerMedia = (
  own: Capabilities,
  direction: MediaDirection,
  layout: readonly LocalMedia[] = [],
): readonly LocalMedia[] => {
  const formats = offeredFormats(own);
  const audio = audioLine(own, formats, direction);
  const others = layout.map((line) => (line.port === 0 ? line : audio));
  return others.includes(audio) ? others : [...others, audio];
};

/** What the numbers of an offer mean, for packets that overtake its answer (RFC 3264 5.1). */
export const offeredTypes = (own: Capabilities): Agreement['receives'] =>
  new Map(offeredFormats(own).map(({ type, holds }) => [type, holds]));

/**
 * The answer to an offer: the first audio that can be accepted is, and its codecs in the offer's order; every
 * other m-line is refused with port 0.
 * @throws ProtocolError SIPX_PARSE_BODY, SIPX_MEDIA_INCOMPATIBLE
 */
export const answerOffer = (
  own: Capabilities,
  offer: string,
  wanted: MediaDirection,
): Agreement => {
  const { media } = parseSessionDescription(offer);
  const chosen = media.find((line) => isUsable(line, own));
  if (!chosen) throw incompatible(own, media);

  const direction = allowed(mirrored(chosen.direction), wanted);
  const formats = commonFormats(chosen, own);
  const layout = media.map((line) =>
    line === chosen ? audioLine(own, formats, direction) : refused(line),
  );
  return agree(chosen, formats, formats, direction, layout);
};

/**
 * What an answer to `offered` settles.
 * @throws ProtocolError SIPX_PARSE_BODY, SIPX_MEDIA_INCOMPATIBLE
 */
export const acceptAnswer = (
  own: Capabilities,
  offered: { readonly media: readonly LocalMedia[]; readonly direction: MediaDirection },
  answer: string,
): Agreement => {
  const { media } = parseSessionDescription(answer);
  // Answers match offers by position (RFC 3264 6).
  const at = offered.media.findIndex((line) => line.port !== 0);
  const chosen = media[at];
  if (!chosen || !isUsable(chosen, own)) throw incompatible(own, media);
  const direction = allowed(mirrored(chosen.direction), offered.direction);
  // The other side may number its codecs its own way; this side receives under the numbers it offered.
  const formats = commonFormats(chosen, own);
  return agree(chosen, formats, offeredFormats(own), direction, offered.media);
};

/** One format of an m-line, understood. */
interface Format {
  readonly type: number;
  readonly holds: Codec | 'event';
}

const agree = (
  remote: MediaDescription,
  sends: readonly Format[],
  receives: readonly Format[],
  direction: MediaDirection,
  layout: readonly LocalMedia[],
): Agreement => {
  const first = sends.find(isCodec);
  if (!first || remote.address === undefined) {
    throw new ProtocolError('SIPX_MEDIA_INCOMPATIBLE', 'no codec in common');
  }
  return {
    codec: first.holds,
    payloadType: first.type,
    eventType: sends.find((format) => format.holds === 'event')?.type,
    receives: new Map([...sends, ...receives].map(({ type, holds }) => [type, holds])),
    remote: { host: remote.address, port: remote.port },
    direction,
    layout,
  };
};

const isCodec = (format: Format): format is Format & { holds: Codec } => format.holds !== 'event';

const offeredFormats = (own: Capabilities): readonly Format[] => [
  ...own.codecs.map((name) => ({ type: codecs[name].payloadType, holds: codecs[name] })),
  ...(own.dtmf ? [{ type: EVENT_TYPE, holds: 'event' as const }] : []),
];

const commonFormats = (line: MediaDescription, own: Capabilities): readonly Format[] =>
  line.formats.flatMap((text): Format[] => {
    const encoding = line.encodings.get(text);
    const type = Number(text);
    if (encoding?.clockRate !== 8000 || !(type < 128)) return [];
    if (encoding.name === 'TELEPHONE-EVENT') return own.dtmf ? [{ type, holds: 'event' }] : [];
    const name = own.codecs.find((known) => known === encoding.name);
    return name ? [{ type, holds: codecs[name] }] : [];
  });

const isUsable = (line: MediaDescription, own: Capabilities): boolean =>
  line.kind === 'audio' &&
  line.port !== 0 &&
  line.protocol === PROTOCOL &&
  isIP(line.address ?? '') === isIP(own.address) &&
  commonFormats(line, own).some(isCodec);

const audioLine = (
  own: Capabilities,
  formats: readonly Format[],
  direction: MediaDirection,
): LocalMedia => ({
  kind: 'audio',
  port: own.port,
  protocol: PROTOCOL,
  formats: formats.map(({ type }) => String(type)),
  attributes: [
    ...formats.flatMap(({ type, holds }) =>
      holds === 'event'
        ? [`rtpmap:${type} telephone-event/8000`, `fmtp:${type} 0-15`]
        : [`rtpmap:${type} ${holds.name}/8000`],
    ),
    'ptime:20',
    direction,
  ],
});

const refused = ({ kind, protocol, formats }: MediaDescription): LocalMedia => ({
  kind,
  port: 0,
  protocol,
  formats,
  attributes: [],
});

/** The other side's direction seen from this one. */
const mirrored = (direction: MediaDirection): MediaDirection =>
  direction === 'sendonly' ? 'recvonly' : direction === 'recvonly' ? 'sendonly' : direction;

export const sends = (direction: MediaDirection): boolean =>
  direction === 'sendrecv' || direction === 'sendonly';

export const receives = (direction: MediaDirection): boolean =>
  direction === 'sendrecv' || direction === 'recvonly';

const allowed = (a: MediaDirection, b: MediaDirection): MediaDirection => {
  const out = sends(a) && sends(b);
  const back = receives(a) && receives(b);
  return out ? (back ? 'sendrecv' : 'sendonly') : back ? 'recvonly' : 'inactive';
};

const incompatible = (own: Capabilities, media: readonly MediaDescription[]): ProtocolError =>
  new ProtocolError('SIPX_MEDIA_INCOMPATIBLE', 'nothing in the session description can be used', {
    expected: `audio ${PROTOCOL} with ${own.codecs.join(' or ')} at an IPv${isIP(own.address)} address`,
    got:
      media
        .slice(0, 5)
        .map(
          (line) => `${line.kind} ${line.port} ${line.protocol} at ${line.address ?? 'no address'}`,
        )
        .join(', ')
        .slice(0, 200) || 'no media',
  });
