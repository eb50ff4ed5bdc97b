import type { Request } from '@sipx/message';

/** What is to be different in the next attempt. It gets the request that was sent and must leave it as it is. */
export type RequestChange = (request: Request) => Request;

export interface RetryOptions {
  /** Milliseconds to wait before the request is sent again. 0. */
  readonly after?: number;
}

/** Found again by a second copy of this package, where `instanceof` would fail. */
const brand: symbol = Symbol.for('@sipx/handlers/Retry');

/**
 * The wish to send the request again, as a value: handlers return it, whoever runs the attempts acts on it.
 * The new attempt has its own branch and CSeq; Call-ID and From tag stay.
 */
export class Retry {
  static is(value: unknown): value is Retry {
    return typeof value === 'object' && value !== null && brand in value;
  }

  readonly change: RequestChange;
  /** Milliseconds. */
  readonly after: number;

  constructor(change: RequestChange, { after = 0 }: RetryOptions = {}) {
    this.change = change;
    this.after = after;
    Object.defineProperty(this, brand, { value: true });
  }
}
