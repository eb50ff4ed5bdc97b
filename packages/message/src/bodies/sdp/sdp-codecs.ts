import type { SectionLines } from './section-lines.ts';
import type { SDPCodec } from './sdp-session.ts';

/** In the order of the payload types. Lines of other payload types stay attributes. */
export const readCodecs = (types: readonly number[], lines: SectionLines): SDPCodec[] => {
  const wanted = new Set(types);
  const maps = byType(wanted, lines, 'a=rtpmap', readMap);
  const parameters = byType(wanted, lines, 'a=fmtp', (text) => text);
  const feedback = new Map<number, string[]>();
  lines.all('a=rtcp-fb', (value) => {
    const [type, text] = typeAndText(value);
    if (!wanted.has(type)) return undefined;
    const said = feedback.get(type);
    if (said) said.push(text);
    else feedback.set(type, [text]);
    return true;
  });
  return types.map((payloadType): SDPCodec => {
    const [name, clockRate] = STATIC[payloadType] ?? ['', 0];
    const said = parameters.get(payloadType);
    const back = feedback.get(payloadType);
    return {
      payloadType,
      name,
      clockRate,
      ...maps.get(payloadType),
      ...(said !== undefined && { parameters: said }),
      ...(back && { feedback: back }),
    };
  });
};

type CodecMap = Pick<SDPCodec, 'name' | 'clockRate' | 'channels'>;

/** The first line of each payload type. */
const byType = <T>(
  wanted: ReadonlySet<number>,
  lines: SectionLines,
  key: string,
  read: (text: string) => T | undefined,
): Map<number, T> => {
  const found = new Map<number, T>();
  lines.all(key, (value) => {
    const [type, text] = typeAndText(value);
    const said = wanted.has(type) && !found.has(type) ? read(text) : undefined;
    if (said !== undefined) found.set(type, said);
    return said;
  });
  return found;
};

const typeAndText = (value: string): [type: number, text: string] => {
  const [, type, text = ''] = /^(\d{1,3}) +(.*)$/.exec(value) ?? [];
  return [Number(type), text];
};

const readMap = (text: string): CodecMap | undefined => {
  const [, name, rate = '0', channels] = RTPMAP.exec(text) ?? [];
  if (name === undefined) return undefined;
  const clockRate = Number(rate);
  return channels === undefined
    ? { name, clockRate }
    : { name, clockRate, channels: Number(channels) };
};

const RTPMAP = /^([^\s/]+)(?: *\/ *(\d{1,9})(?: *\/ *(\d{1,4}))?)?\s*$/;

/** Values of a= lines; an a=rtpmap also where RFC 3551 needs none, as it recommends. */
export const writeCodec = (codec: SDPCodec): string[] => {
  const { payloadType, name, clockRate, channels, parameters, feedback = [] } = codec;
  const rate =
    clockRate === 0 ? '' : `/${clockRate}${channels === undefined ? '' : `/${channels}`}`;
  return [
    ...(name === '' ? [] : [`rtpmap:${payloadType} ${name}${rate}`]),
    ...(parameters === undefined ? [] : [`fmtp:${payloadType} ${parameters}`]),
    ...feedback.map((said) => `rtcp-fb:${payloadType} ${said}`),
  ];
};

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
