import { Client } from '@sipx/client';
import { parseMessage, type Request } from '@sipx/message';
import { LOCALHOST } from './free-port.ts';
import { DOMAIN, type Kamailio, PASSWORDS } from './kamailio.ts';
import type { Protocol } from './sipp.ts';
import { SkippingClock } from './skipping-clock.ts';

export interface PhoneOptions {
  readonly protocol: Protocol;
  /** Everything goes there first; without one the phone calls and is called directly. */
  readonly proxy?: Kamailio | undefined;
  readonly password?: string;
}

/** D, L and M keep a finished transaction for 64·T1 (RFC 3261 17, 6026). */
const LINGER = 40_000;

/** The stack under test: user alice on one protocol. */
export class Phone {
  readonly client: Client;
  /** Requests sent and statuses received, in order, retransmissions included. */
  readonly wire: (Request | number)[] = [];
  /** The ports that requests were sent to. */
  readonly nextHops: Set<number> = new Set();
  /** Messages that went out once more as they were. */
  repeated = 0;
  readonly #sent = new Set<string>();
  readonly #clock = new SkippingClock();

  private constructor({ protocol, proxy, password = PASSWORDS.alice }: PhoneOptions) {
    this.client = new Client({
      uri: `"Alice" <sip:alice@${DOMAIN}>`,
      credentials: { username: 'alice', password },
      listen: [`${protocol}:${LOCALHOST}:0`],
      transport: protocol,
      clock: this.#clock,
      ...(proxy && { outboundProxy: `sip:${LOCALHOST}:${proxy.port};lr` }),
    });
    this.client.endpoint.on('wire', ({ direction, bytes, remote }) => {
      const message = parseMessage(bytes);
      if (direction === 'out') this.#count(bytes);
      if (direction === 'out' && message.type === 'request') {
        this.wire.push(message);
        this.nextHops.add(remote.port);
      }
      if (direction === 'in' && message.type === 'response') this.wire.push(message.status);
    });
  }

  /** Resolves once its port is bound. */
  static async start(options: PhoneOptions): Promise<Phone> {
    const phone = new Phone(options);
    await phone.client.listen();
    return phone;
  }

  get port(): number {
    return this.client.endpoint.addresses[0]?.port ?? 0;
  }

  /** What is left when no call is up and the time in which late repeats are answered is over. */
  leftOver(): { transactions: number; dialogs: number; calls: number } {
    this.#clock.skip(LINGER);
    const { transactions, dialogs } = this.client.stateManager.gauges;
    return { transactions, dialogs, calls: this.client.calls.size };
  }

  #count(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('latin1');
    if (this.#sent.has(text)) this.repeated += 1;
    this.#sent.add(text);
  }
}
