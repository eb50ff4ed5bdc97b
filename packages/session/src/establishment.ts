import type { SIPXError } from '@sipx/contracts';

/** Whether something came up, decided once; nobody has to ask, and whoever asks late is told the same. */
export class Establishment<T> {
  #verdict: Verdict<T> | undefined;
  #waiting: ((verdict: Verdict<T>) => void)[] | undefined;

  promise(): Promise<T> {
    return new Promise((resolve, reject) => {
      const tell = (verdict: Verdict<T>): void => {
        if (verdict.up) resolve(verdict.value);
        else reject(verdict.error);
      };
      if (this.#verdict) tell(this.#verdict);
      else (this.#waiting ??= []).push(tell);
    });
  }

  get isDecided(): boolean {
    return this.#verdict !== undefined;
  }

  up(value: T): void {
    this.#settle({ up: true, value });
  }

  failed(error: SIPXError): void {
    this.#settle({ up: false, error });
  }

  #settle(verdict: Verdict<T>): void {
    if (this.#verdict) return;
    this.#verdict = verdict;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) for (const tell of waiting) tell(verdict);
  }
}

type Verdict<T> =
  | { readonly up: true; readonly value: T }
  | { readonly up: false; readonly error: SIPXError };
