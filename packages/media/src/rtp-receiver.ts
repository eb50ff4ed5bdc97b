import type { Codec } from './g711.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { FRAME_SAMPLES } from './pcm.ts';
import { Reception } from './reception.ts';
import { isRTCP, parseRTP, type RTPPacket } from './rtp-packet.ts';
import { DigitReceiver } from './telephone-event.ts';

export interface Heard {
  /** Packets of the peer that were used; a repeated one counts once. */
  readonly received: number;
  /** Packets that are missing from the sequence so far. */
  readonly lost: number;
  readonly duplicated: number;
  /** Packets that came too late to be heard. */
  readonly late: number;
  /** Datagrams that were no RTP, or of a payload type that was not agreed on, or from a stranger. */
  readonly refused: number;
  /** RFC 3550's interarrival jitter. */
  readonly jitterMs: number;
  /** Silence put where no sound came in time; where a digit takes the place of sound, too. */
  readonly concealedMs: number;
}

/** A source that has sent nothing for so long has stopped. */
const TAKE_OVER_MS = 100;

/** Datagrams in; sound and digits out. */
export class RTPReceiver {
  /** What the payload types hold; set when sides agree, and before as offered. */
  formats: ReadonlyMap<number, Codec | 'event'> = new Map();
  /** Where the peer said that it is; while unknown, the first to send is believed. */
  expectedHost: string | undefined;

  readonly #delayMs: number;
  readonly #onDigit: (digit: string) => void;
  #source: Source | undefined;
  #refused = 0;
  #begun = false;
  #past: Totals = { received: 0, lost: 0, duplicated: 0, late: 0, concealedMs: 0 };

  constructor(delayMs: number, onDigit: (digit: string) => void) {
    this.#delayMs = delayMs;
    this.#onDigit = onDigit;
  }

  get heard(): Heard {
    const totals = add(this.#past, this.#source);
    return { ...totals, refused: this.#refused, jitterMs: this.#source?.reception.jitterMs ?? 0 };
  }

  /** @param now milliseconds. Never throws, whatever the bytes are. True: a packet of the peer. */
  receive(bytes: Uint8Array, from: string, now: number): boolean {
    if (isRTCP(bytes)) return false;
    const packet = parseRTP(bytes);
    const format = packet && this.formats.get(packet.payloadType);
    if (!packet || !format) return this.#refuse();
    const source = this.#sourceOf(packet, from, now);
    if (!source) return this.#refuse();
    source.heardAt = now;

    if (!source.reception.count(packet.sequence)) return false;
    if (format === 'event') {
      const digit = source.digits.receive(packet);
      if (digit !== undefined) this.#onDigit(digit);
    } else {
      source.reception.time(packet.timestamp, now);
      source.buffer.write(packet.timestamp, format.decode(packet.payload), now, packet.marker);
    }
    return true;
  }

  /** The next 20 ms; undefined before anything was heard. */
  read(now: number): Int16Array | undefined {
    const frame = this.#source?.buffer.read(now);
    if (frame) this.#begun = true;
    // Between two sources time goes on.
    return frame ?? (this.#begun ? new Int16Array(FRAME_SAMPLES) : undefined);
  }

  /**
   * One peer is heard at a time. A new source may take over when it sends from the agreed host (the peer was
   * restarted, or the call was moved) and the old one has fallen silent or was a stranger.
   */
  #sourceOf(packet: RTPPacket, from: string, now: number): Source | undefined {
    const current = this.#source;
    if (current?.ssrc === packet.ssrc && current.from === from) return current;
    const holds =
      current && (current.from === this.expectedHost || this.expectedHost === undefined);
    if (holds && now - current.heardAt < TAKE_OVER_MS) return undefined;
    if (current && from !== this.expectedHost) return undefined;
    this.#past = add(this.#past, current);
    this.#source = {
      ssrc: packet.ssrc,
      from,
      heardAt: now,
      reception: new Reception(),
      buffer: new JitterBuffer({ delayMs: this.#delayMs }),
      digits: new DigitReceiver(),
    };
    return this.#source;
  }

  #refuse(): false {
    this.#refused += 1;
    return false;
  }
}

interface Source {
  readonly ssrc: number;
  readonly from: string;
  heardAt: number;
  readonly reception: Reception;
  readonly buffer: JitterBuffer;
  readonly digits: DigitReceiver;
}

interface Totals {
  readonly received: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly late: number;
  readonly concealedMs: number;
}

const add = (past: Totals, source: Source | undefined): Totals =>
  source
    ? {
        received: past.received + source.reception.received,
        lost: past.lost + source.reception.lost,
        duplicated: past.duplicated + source.reception.duplicated,
        late: past.late + source.buffer.late,
        concealedMs: past.concealedMs + source.buffer.concealedMs,
      }
    : past;
