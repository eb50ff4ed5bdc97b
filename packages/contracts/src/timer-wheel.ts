import type { Timer } from './clock.ts';

/**
 * A hashed timer wheel: starting and cancelling a timer is constant work, however many there are.
 *
 * It holds no clock of its own; its owner calls `advance`. A timer fires in the first `advance` at or after
 * its deadline, in the order of deadline ticks.
 */
export class TimerWheel {
  readonly #tick: number;
  readonly #slots: (Entry | undefined)[];
  #cursor: number;
  #size = 0;

  /** @param tick resolution in milliseconds @param slots ticks in one turn @param now where time starts */
  constructor(tick: number, slots: number, now: number) {
    this.#tick = tick;
    this.#slots = Array.from<Entry | undefined>({ length: slots });
    this.#cursor = Math.floor(now / tick);
  }

  /** Timers that wait. */
  get size(): number {
    return this.#size;
  }

  start(deadline: number, fire: () => void): Timer {
    // Never the tick under the cursor: its slot has been served.
    const due = Math.max(Math.ceil(deadline / this.#tick), this.#cursor + 1);
    const slot = due % this.#slots.length;
    const next = this.#slots[slot];
    const entry = new Entry(this, slot, due, fire, next);
    if (next) next.previous = entry;
    this.#slots[slot] = entry;
    this.#size += 1;
    return entry;
  }

  /** An error that a timer throws comes out here; the others fire in the next `advance`. */
  advance(now: number): void {
    const target = Math.floor(now / this.#tick);
    const slots = this.#slots.length;
    if (target - this.#cursor > slots) {
      // A long pause (a suspended laptop): what is overdue comes from several turns, in no order of slots.
      const overdue: Entry[] = [];
      for (let slot = 0; slot < slots; slot += 1) this.#collect(slot, target, overdue);
      this.#fire(overdue, target);
    }
    while (this.#cursor < target) {
      const tick = this.#cursor + 1;
      const due: Entry[] = [];
      this.#collect(tick % slots, tick, due);
      this.#fire(due, tick);
    }
  }

  #collect(slot: number, tick: number, into: Entry[]): void {
    for (let entry = this.#slots[slot]; entry; entry = entry.next) {
      if (entry.due <= tick) into.push(entry);
    }
  }

  #fire(due: Entry[], tick: number): void {
    const before = this.#cursor;
    this.#cursor = tick;
    // Slots are stacks; started first fires first.
    due.sort((a, b) => a.due - b.due || a.order - b.order);
    try {
      for (const entry of due) {
        const { fire } = entry;
        if (!fire) continue;
        entry.cancel();
        fire();
      }
    } catch (error) {
      // The rest of these ticks has not been served.
      this.#cursor = before;
      throw error;
    }
  }

  /** @internal */
  remove(entry: Entry): void {
    if (entry.previous) entry.previous.next = entry.next;
    else this.#slots[entry.slot] = entry.next;
    if (entry.next) entry.next.previous = entry.previous;
    entry.next = undefined;
    entry.previous = undefined;
    this.#size -= 1;
  }
}

let started = 0;

class Entry implements Timer {
  readonly order: number = ++started;
  previous: Entry | undefined;
  readonly #wheel: TimerWheel;

  readonly slot: number;
  readonly due: number;
  fire: (() => void) | undefined;
  next: Entry | undefined;

  constructor(
    wheel: TimerWheel,
    slot: number,
    due: number,
    fire: () => void,
    next: Entry | undefined,
  ) {
    this.#wheel = wheel;
    this.slot = slot;
    this.due = due;
    this.fire = fire;
    this.next = next;
  }

  cancel(): void {
    if (!this.fire) return;
    this.fire = undefined;
    this.#wheel.remove(this);
  }
}
