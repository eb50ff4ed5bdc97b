import type { Call } from '@sipx/session';

/** What the calls of one test came to, from their own events. */
export class Tally {
  /** Calls that were told to be ringing at the other side. */
  rang = 0;
  readonly #calls: Call[] = [];
  #up = 0;

  add(call: Call): void {
    this.#calls.push(call);
    call.once('ringing', () => {
      this.rang += 1;
    });
    call.once('confirmed', () => {
      this.#up += 1;
    });
  }

  /** Resolves once every call has ended: the other side may know a little earlier. */
  async ended(): Promise<void> {
    for (const call of this.#calls) {
      if (!call.end) await new Promise((end) => call.once('ended', end));
    }
  }

  get outcome(): { calls: number; up: number; ends: Record<string, number> } {
    const ends: Record<string, number> = {};
    for (const { end } of this.#calls) {
      const how = end ? `${end.by} ${end.code ?? end.reason}` : 'not ended';
      ends[how] = (ends[how] ?? 0) + 1;
    }
    return { calls: this.#calls.length, up: this.#up, ends };
  }
}
