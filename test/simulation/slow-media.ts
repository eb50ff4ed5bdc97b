import type { Clock, MediaOptions, MediaSession } from '@sipx/contracts';
import { ScriptedMedia } from './scripted-media.ts';

/** A media session that takes its time, so that things happen to a call meanwhile. */
export class SlowMedia implements MediaSession {
  readonly #clock: Clock;
  readonly #takes: number;
  readonly #script = new ScriptedMedia(4000);

  /** @param takes milliseconds for each answer; 0: at once */
  constructor(clock: Clock, takes: number) {
    this.#clock = clock;
    this.#takes = takes;
  }

  createOffer(options: MediaOptions): string | Promise<string> {
    return this.#later(() => this.#script.createOffer(options));
  }

  createAnswer(offer: string, options: MediaOptions): string | Promise<string> {
    return this.#later(() => this.#script.createAnswer(offer, options));
  }

  setAnswer(answer: string): void | Promise<void> {
    return this.#later(() => this.#script.setAnswer(answer));
  }

  close(): void {
    this.#script.close();
  }

  #later<T>(work: () => T): T | Promise<T> {
    if (this.#takes === 0) return work();
    return new Promise((resolve) => this.#clock.start(this.#takes, () => resolve(work())));
  }
}
