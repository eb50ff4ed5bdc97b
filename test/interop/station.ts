import type { Endpoint, EndpointOptions } from '@sipx/endpoint';
import { type Message, parseMessage, type Request } from '@sipx/message';
import type { Call } from '@sipx/session';
import type { Protocol } from './sipp.ts';
import type { SkippingClock } from './skipping-clock.ts';

export interface StationOptions {
  readonly protocol: Protocol;
  readonly timers?: NonNullable<EndpointOptions['timers']>;
}

/** The stack under test, as a client or as a server, and what went over its wire. */
export abstract class Station {
  /** Requests sent and statuses received, in order, retransmissions included. */
  readonly wire: (Request | number)[] = [];
  /** The Call-IDs of the ACKs that came in. */
  readonly acknowledged: Set<string> = new Set();
  /** The ports that requests were sent to. */
  readonly nextHops: Set<number> = new Set();
  endedDialogs = 0;
  /** Messages that went out once more as they were. */
  repeated = 0;
  readonly #endpoint: Endpoint;
  readonly #clock: SkippingClock;
  readonly #sent = new Set<string>();

  protected constructor(endpoint: Endpoint, clock: SkippingClock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    endpoint.stateManager.onDialogState('terminated', () => {
      this.endedDialogs += 1;
    });
    endpoint.on('wire', ({ direction, bytes, remote }) => {
      const message = parseMessage(bytes);
      if (direction === 'in') {
        this.#received(message);
        return;
      }
      this.#count(bytes);
      if (message.type === 'response') return;
      this.wire.push(message);
      this.nextHops.add(remote.port);
    });
  }

  abstract readonly calls: ReadonlySet<Call>;

  /** What to do with each call that comes in. */
  abstract onCall(take: (call: Call) => Promise<void>): void;

  abstract close(): Promise<void>;

  get port(): number {
    return this.#endpoint.addresses[0]?.port ?? 0;
  }

  get dialogs(): number {
    return this.#endpoint.stateManager.gauges.dialogs;
  }

  /** Resolves once `holds` does: asked with each message that passes and each dialog that changes. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#endpoint.off('wire', look);
        unobserve();
        resolve();
      };
      const unobserve = this.#endpoint.stateManager.onDialogState('*', look);
      this.#endpoint.on('wire', look);
      look();
    });
  }

  /** What is left when no call is up and the time in which late repeats are answered is over. */
  leftOver(): { transactions: number; dialogs: number; calls: number } {
    // D, L and M keep a finished transaction (RFC 3261 17, 6026).
    this.#clock.skip(Math.max(32_000, 64 * this.#endpoint.timers.t1) + 5_000);
    const { transactions, dialogs } = this.#endpoint.stateManager.gauges;
    return { transactions, dialogs, calls: this.calls.size };
  }

  #received(message: Message): void {
    if (message.type === 'response') this.wire.push(message.status);
    else if (message.method === 'ACK') this.acknowledged.add(message.callId);
  }

  #count(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('latin1');
    if (this.#sent.has(text)) this.repeated += 1;
    this.#sent.add(text);
  }
}
