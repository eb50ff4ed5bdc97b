import type { SipURI } from '@sipx/message';

/** Where one device of a user can be reached, for how long (RFC 3261 10.3). */
export interface Binding {
  readonly contact: SipURI;
  /** Milliseconds of the server's clock at which it runs out. */
  readonly expiresAt: number;
  readonly callId: string;
  readonly cseq: number;
}

/** Bindings by address of record (`alice@example.com`, lower case). A database may stand behind it. */
export interface LocationStore {
  get(aor: string): Promise<readonly Binding[]>;
  /** Replaces all bindings of the address; an empty list removes it. */
  set(aor: string, bindings: readonly Binding[]): Promise<void>;
}

/** In memory: gone with the process. */
export class MemoryLocationStore implements LocationStore {
  readonly #bindings = new Map<string, readonly Binding[]>();

  async get(aor: string): Promise<readonly Binding[]> {
    return this.#bindings.get(aor) ?? [];
  }

  async set(aor: string, bindings: readonly Binding[]): Promise<void> {
    if (bindings.length > 0) this.#bindings.set(aor, bindings);
    else this.#bindings.delete(aor);
  }
}
