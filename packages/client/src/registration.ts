import { type Clock, type IdSource, SIPXError, type Timer, UsageError } from '@sipx/contracts';
import type { Response } from '@sipx/message';
import { EventEmitter } from 'eventemitter3';
import { RegisterRejectedError } from './register-error.ts';

export interface RegistrationEvents {
  /** Renewed; `expires` seconds are left from now. */
  refreshed: (expires: number) => void;
  /** A refresh failed; the next try is on its way. */
  failed: (error: SIPXError) => void;
}

/** @internal What a registration needs of its client. */
export interface RegistrationParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Sends one REGISTER that asks for so many seconds; resolves with its final response. */
  readonly send: (expires: number, signal?: AbortSignal) => Promise<Response>;
  /** Seconds that a 2xx granted to our own Contact. */
  readonly granted: (response: Response) => number;
}

/** Wait after a failed refresh, in milliseconds; a registrar that is down gets no storm. */
const RETRY_AFTER = 10_000;

/**
 * A binding at the registrar, renewed before it runs out (RFC 3261 10.2.4) until `unregister()`. One REGISTER at
 * a time, with one Call-ID and rising CSeq.
 */
export class Registration extends EventEmitter<RegistrationEvents> {
  readonly #parts: RegistrationParts;
  readonly #asked: number;
  #expires = 0;
  #next: Timer | undefined;
  #working: Promise<Response> | undefined;
  #ended = false;

  /** @internal */
  constructor(parts: RegistrationParts, asked: number) {
    super();
    this.#parts = parts;
    this.#asked = asked;
  }

  /** Seconds granted by the last response. */
  get expires(): number {
    return this.#expires;
  }

  /** Registers now, whatever time is left. Rejects with SIPX_REGISTER_REJECTED, or when no response came. */
  async refresh(signal?: AbortSignal): Promise<this> {
    if (this.#ended) throw new UsageError('SIPX_USAGE_STATE', 'the registration has ended');
    const response = await this.#send(this.#asked, signal);
    if (!response.ok) throw new RegisterRejectedError(response);
    this.#expires = this.#parts.granted(response);
    if (!this.#ended) this.#schedule(this.#refreshIn());
    return this;
  }

  /** Takes the binding back. Resolves with the registrar's word; rejects when none came. */
  async unregister(): Promise<Response> {
    this.stop();
    return this.#send(0);
  }

  /** Refreshes no more; the binding runs out by itself. */
  stop(): void {
    this.#ended = true;
    this.#next?.cancel();
  }

  /** One at a time (RFC 3261 10.2): an unregister waits for the refresh that is under way. */
  async #send(expires: number, signal?: AbortSignal): Promise<Response> {
    await this.#working?.catch(() => {});
    this.#working = this.#parts.send(expires, signal);
    return this.#working;
  }

  /** Between 80 and 90 % of the time granted, so that many clients do not come back as one. */
  #refreshIn(): number {
    return this.#expires * 1000 * (0.8 + 0.1 * this.#parts.ids.random());
  }

  #schedule(after: number): void {
    this.#next?.cancel();
    this.#next = this.#parts.clock.start(after, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    try {
      await this.refresh();
      this.emit('refreshed', this.#expires);
    } catch (error) {
      if (this.#ended) return;
      this.#schedule(RETRY_AFTER * (1 + this.#parts.ids.random()));
      this.emit('failed', asError(error));
    }
  }
}

const asError = (error: unknown): SIPXError =>
  error instanceof SIPXError
    ? error
    : new UsageError('SIPX_REGISTER_REJECTED', 'the registration failed', { cause: error });
