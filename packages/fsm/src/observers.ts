/** Told of each change, after it is made. `previous` is undefined for what has just come into being. */
export type Observer<T, S> = (subject: T, previous: S | undefined) => void;

/** Observers by the state that they wait for. */
export class Observers<T, S extends string> {
  readonly #byState = new Map<S | '*', Set<Observer<T, S>>>();
  readonly #failed: (error: unknown) => void;

  /** @param failed an observer threw; the others are told all the same */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Returns what takes the observer off again. */
  add(state: S | '*', observer: Observer<T, S>): () => void {
    let observers = this.#byState.get(state);
    if (!observers) this.#byState.set(state, (observers = new Set()));
    // A function added twice is two observers.
    const own: Observer<T, S> = (subject, previous) => observer(subject, previous);
    observers.add(own);
    return () => observers.delete(own);
  }

  tell(state: S, subject: T, previous: S | undefined): void {
    if (this.#byState.size === 0) return;
    this.#tell(this.#byState.get(state), subject, previous);
    this.#tell(this.#byState.get('*'), subject, previous);
  }

  #tell(observers: Set<Observer<T, S>> | undefined, subject: T, previous: S | undefined): void {
    if (!observers) return;
    for (const observer of observers) {
      try {
        observer(subject, previous);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
