import type { Clock, Timer } from '@sipx/contracts';

/** What a deadline belongs to. */
export interface Timed<Name> {
  expired(name: Name): void;
}

/**
 * The many timers of an endpoint, which all wait for one of a few times: T1, its doubles, 64·T1. Those of one time
 * fall due in the order in which they started, so each time has a queue and asks the clock for its first alone.
 */
export class Deadlines<Name> {
  readonly #clock: Clock;
  readonly #queues = new Map<number, Queue<Name>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param after milliseconds */
  start(after: number, name: Name, whose: Timed<Name>): Deadline<Name> {
    let queue = this.#queues.get(after);
    if (!queue) this.#queues.set(after, (queue = new Queue(this.#clock)));
    // In whole milliseconds, which cost no object of their own as other numbers do.
    const due = Math.ceil(this.#clock.now() + after);
    return queue.add(new Deadline(queue, due, name, whose));
  }
}

export class Deadline<Name> {
  readonly name: Name;
  /** @internal */
  readonly due: number;
  /** @internal */
  readonly whose: Timed<Name>;
  /** @internal */
  previous: Deadline<Name> | undefined = undefined;
  /** @internal */
  next: Deadline<Name> | undefined = undefined;
  /** Undefined once it has passed or was cancelled. */
  private queue: Queue<Name> | undefined;

  constructor(queue: Queue<Name>, due: number, name: Name, whose: Timed<Name>) {
    this.queue = queue;
    this.due = due;
    this.name = name;
    this.whose = whose;
  }

  /** Idempotent. */
  cancel(): void {
    this.queue?.remove(this);
    this.queue = undefined;
  }
}

class Queue<Name> {
  readonly #clock: Clock;
  #first: Deadline<Name> | undefined;
  #last: Deadline<Name> | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(deadline: Deadline<Name>): Deadline<Name> {
    const last = this.#last;
    if (last) last.next = deadline;
    else this.#first = deadline;
    deadline.previous = last;
    this.#last = deadline;
    this.#arm();
    return deadline;
  }

  /** When the first goes, its timer stays: it comes too early for the next, which is no harm. */
  remove(deadline: Deadline<Name>): void {
    const { previous, next } = deadline;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    deadline.previous = undefined;
    deadline.next = undefined;
    if (!this.#first) this.#disarm();
  }

  #arm(): void {
    if (this.#timer || !this.#first) return;
    const wait = this.#first.due - this.#clock.now();
    this.#timer = this.#clock.start(wait, this.#fire);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    try {
      for (let due = this.#first; due && due.due <= now; due = this.#first) {
        due.cancel();
        due.whose.expired(due.name);
      }
    } finally {
      // One that throws must not stop the others.
      this.#arm();
    }
  };
}
