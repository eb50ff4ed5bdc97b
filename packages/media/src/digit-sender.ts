import { SIPXError, UsageError } from '@sipx/contracts';
import { type DigitFrame, type DigitTiming, digitFrames } from './telephone-event.ts';

interface Job {
  readonly frames: DigitFrame[];
  readonly sent: () => void;
  readonly failed: (error: SIPXError) => void;
}

/** Digits that wait for their frames. */
export class DigitSender {
  readonly #timing: DigitTiming;
  readonly #jobs: Job[] = [];

  constructor(timing: DigitTiming) {
    this.#timing = timing;
  }

  /**
   * Resolves when the last frame was taken; rejects with SIPX_CLOSED when the session ends before.
   * @throws UsageError SIPX_USAGE for anything but 0-9, *, #, A-D
   */
  send(digits: string): Promise<void> {
    if (!/^[0-9*#A-D]+$/i.test(digits)) {
      throw new UsageError('SIPX_USAGE', 'not a string of digits', {
        expected: '0-9, *, #, A-D',
        got: JSON.stringify(digits),
      });
    }
    const frames = [...digits].flatMap((digit) => digitFrames(digit, this.#timing));
    return new Promise((sent, failed) => {
      this.#jobs.push({ frames, sent, failed });
    });
  }

  /** Undefined when no digit waits. */
  next(): DigitFrame | undefined {
    const job = this.#jobs[0];
    if (!job) return undefined;
    const frame = job.frames.shift();
    if (job.frames.length === 0) {
      this.#jobs.shift();
      job.sent();
    }
    return frame;
  }

  close(): void {
    for (const job of this.#jobs.splice(0)) {
      job.failed(
        new SIPXError('SIPX_CLOSED', 'the media session ended before the digits were sent'),
      );
    }
  }
}
