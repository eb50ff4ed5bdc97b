import type { IdSource } from '@sipx/contracts';
import { FRAME_SAMPLES } from './pcm.ts';
import { writeRTP } from './rtp-packet.ts';
import type { DigitFrame } from './telephone-event.ts';

/** Numbers what goes out: one source, one sequence, one clock for audio and digits (RFC 3550 5.1, RFC 4733 2.2). */
export class RTPSender {
  readonly ssrc: number;
  /** Packets made. */
  sent = 0;

  #sequence: number;
  #timestamp: number;
  #eventStart = 0;
  #resumes = true; // the next audio follows a pause

  /** @param ids random starting points, so that a stream is hard to forge (RFC 3550 5.1) */
  constructor(ids: IdSource) {
    this.ssrc = Math.floor(ids.random() * 2 ** 32);
    this.#sequence = Math.floor(ids.random() * 2 ** 16);
    this.#timestamp = Math.floor(ids.random() * 2 ** 32);
  }

  /** Time passes: call it once a frame, whatever is sent in it. */
  advance(frames: number): void {
    this.#timestamp = (this.#timestamp + frames * FRAME_SAMPLES) >>> 0;
  }

  audio(payloadType: number, payload: Uint8Array): Uint8Array {
    const marker = this.#resumes;
    this.#resumes = false;
    return this.#packet({ payloadType, marker, timestamp: this.#timestamp, payload });
  }

  digit(payloadType: number, { first }: DigitFrame, payload: Uint8Array): Uint8Array {
    if (first) this.#eventStart = this.#timestamp;
    this.#resumes = true;
    return this.#packet({ payloadType, marker: first, timestamp: this.#eventStart, payload });
  }

  /** Nothing is sent in this frame. */
  pause(): void {
    this.#resumes = true;
  }

  #packet(part: {
    payloadType: number;
    marker: boolean;
    timestamp: number;
    payload: Uint8Array;
  }): Uint8Array {
    this.sent += 1;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return writeRTP({ ...part, sequence: this.#sequence, ssrc: this.ssrc });
  }
}
