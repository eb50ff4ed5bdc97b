/** An RTP packet without what SIPX does not use: contributing sources and header extensions are skipped. */
export interface RTPPacket {
  /** 0-127 */
  readonly payloadType: number;
  /** First packet after a pause, or of a telephone-event. */
  readonly marker: boolean;
  /** 16 bits, wraps. */
  readonly sequence: number;
  /** 32 bits, wraps; in units of the payload's clock. */
  readonly timestamp: number;
  /** 32 bits. */
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const HEADER = 12;
const VERSION = 2;

/** RFC 3550 5.1. Undefined for whatever is no RTP packet: an untrusted datagram never throws. */
export const parseRTP = (bytes: Uint8Array): RTPPacket | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER) return undefined;
  const flags = view.getUint8(0);
  if (flags >> 6 !== VERSION || isRTCP(bytes)) return undefined;

  let start = HEADER + (flags & 0x0f) * 4;
  if (flags & 0x10) {
    if (start + 4 > bytes.length) return undefined;
    start += 4 + view.getUint16(start + 2) * 4;
  }
  // The last octet of the padding counts the padding, itself included.
  const padding = flags & 0x20 ? view.getUint8(bytes.length - 1) : 0;
  if (flags & 0x20 && padding === 0) return undefined;
  const end = bytes.length - padding;
  if (start > end) return undefined;

  const second = view.getUint8(1);
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  };
};

export const writeRTP = (packet: RTPPacket): Uint8Array => {
  const bytes = new Uint8Array(HEADER + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION << 6);
  view.setUint8(1, (packet.marker ? 0x80 : 0) | (packet.payloadType & 0x7f));
  view.setUint16(2, packet.sequence);
  view.setUint32(4, packet.timestamp);
  view.setUint32(8, packet.ssrc);
  bytes.set(packet.payload, HEADER);
  return bytes;
};

/** Types 192-223, read as RTP, are payload types 64-95 with the marker: kept free for this (RFC 5761 4). */
export const isRTCP = (bytes: Uint8Array): boolean => {
  const type = bytes[1] ?? 0;
  return type >= 192 && type <= 223;
};
