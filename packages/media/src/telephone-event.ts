import { FRAME_MS, FRAME_SAMPLES } from './pcm.ts';
import type { RTPPacket } from './rtp-packet.ts';

/** The digits by event number (RFC 4733 3.2, table 3). */
export const DIGITS = '0123456789*#ABCD';

/** The four octets of a telephone-event payload (RFC 4733 2.3). */
export interface TelephoneEvent {
  /** 0-255; 0-15 are digits. */
  readonly event: number;
  readonly end: boolean;
  /** 0-63: dBm0 below zero. */
  readonly volume: number;
  /** So far, in timestamp units: 0-65,535. */
  readonly duration: number;
}

/** Undefined when there are fewer than four octets. */
export const parseTelephoneEvent = (payload: Uint8Array): TelephoneEvent | undefined => {
  const [event, flags, high, low] = payload;
  if (event === undefined || flags === undefined || high === undefined || low === undefined) {
    return undefined;
  }
  return { event, end: (flags & 0x80) !== 0, volume: flags & 0x3f, duration: (high << 8) | low };
};

export const writeTelephoneEvent = (told: TelephoneEvent): Uint8Array =>
  Uint8Array.of(
    told.event,
    (told.end ? 0x80 : 0) | (told.volume & 0x3f),
    told.duration >> 8,
    told.duration & 0xff,
  );

export interface DigitTiming {
  /** How long the key is down, in milliseconds; 100. */
  readonly durationMs?: number;
  /** From one key to the next; 60, and no less than 40, which the repeated ends take. */
  readonly gapMs?: number;
}

const VOLUME = 10;
const END_REPEATS = 2;
const MAX_DURATION = 0xffff;

/** One frame of a digit: its payload, or undefined in the pause after it, where audio goes. */
export interface DigitFrame {
  readonly payload: Uint8Array | undefined;
  /** The key goes down: this packet has the marker, and its timestamp stays for the others. */
  readonly first: boolean;
}

/**
 * What to send for a digit, frame by frame. The end is sent three times, since nothing tells when it is lost
 * (RFC 4733 2.5.1.4).
 */
export const digitFrames = (
  digit: string,
  { durationMs = 100, gapMs = 60 }: DigitTiming = {},
): readonly DigitFrame[] => {
  const event = DIGITS.indexOf(digit.toUpperCase());
  const longest = Math.floor(MAX_DURATION / FRAME_SAMPLES);
  const held = Math.min(longest, Math.max(1, Math.round(durationMs / FRAME_MS)));
  const gap = Math.max(END_REPEATS, Math.round(gapMs / FRAME_MS));
  return Array.from({ length: held + gap }, (_, i) => {
    if (i >= held + END_REPEATS) return { payload: undefined, first: false };
    const frames = Math.min(i + 1, held);
    const payload = writeTelephoneEvent({
      event,
      end: frames === held,
      volume: VOLUME,
      duration: frames * FRAME_SAMPLES,
    });
    return { payload, first: i === 0 };
  });
};

/**
 * Makes one digit of the several packets that tell of it. All packets of a key press carry its start as their
 * timestamp; any one of them is enough, so that a lost one costs nothing.
 */
export class DigitReceiver {
  #start: number | undefined;
  #event = -1;
  #duration = 0;

  /** The digit when this packet is the first news of it; undefined for repetitions and for what is no digit. */
  receive(packet: RTPPacket): string | undefined {
    const told = parseTelephoneEvent(packet.payload);
    const digit = told && DIGITS[told.event];
    if (!told || digit === undefined) return undefined;

    const apart = this.#start === undefined ? 1 : (packet.timestamp - this.#start) | 0;
    if (apart <= 0) {
      if (apart === 0) this.#duration = Math.max(this.#duration, told.duration);
      return undefined;
    }
    // A key held for longer than 16 bits can tell goes on as a further segment (RFC 4733 2.5.1.3).
    const continues = told.event === this.#event && apart === this.#duration && !packet.marker;
    this.#start = packet.timestamp;
    this.#event = told.event;
    this.#duration = told.duration;
    return continues ? undefined : digit;
  }
}
