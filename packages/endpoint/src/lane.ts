import type { MaybePromise } from '@sipx/handlers';

/**
 * Keeps the messages of one transaction in order while handlers may be asynchronous: a 200 never overtakes the
 * 180 that a handler still holds. With synchronous handlers it costs a field.
 */
export class Lane {
  #tail: Promise<void> | undefined;

  run(task: () => MaybePromise<void>): MaybePromise<void> {
    if (this.#tail) return this.#follow(this.#tail.then(task));
    const done = task();
    if (done) return this.#follow(done);
  }

  #follow(work: Promise<void>): Promise<void> {
    const tail: Promise<void> = work.then(
      () => this.#settle(tail),
      () => this.#settle(tail),
    );
    this.#tail = tail;
    return work;
  }

  #settle(tail: Promise<void>): void {
    if (this.#tail === tail) this.#tail = undefined;
  }
}
