import { Client } from '@sipx/client';
import type { Call } from '@sipx/session';
import { LOCALHOST } from './free-port.ts';
import { DOMAIN, type Kamailio, PASSWORDS } from './kamailio.ts';
import { SkippingClock } from './skipping-clock.ts';
import { Station, type StationOptions } from './station.ts';

export interface PhoneOptions extends StationOptions {
  /** Everything goes there first; without one the phone calls and is called directly. */
  readonly proxy?: Kamailio | undefined;
  readonly password?: string;
}

/** A client: user alice on one protocol. */
export class Phone extends Station {
  readonly client: Client;

  private constructor(client: Client, clock: SkippingClock) {
    super(client.endpoint, clock);
    this.client = client;
  }

  /** Resolves once its port is bound. */
  static async start(options: PhoneOptions): Promise<Phone> {
    const { protocol, proxy, password = PASSWORDS.alice, timers } = options;
    const clock = new SkippingClock();
    const client = new Client({
      uri: `"Alice" <sip:alice@${DOMAIN}>`,
      credentials: { username: 'alice', password },
      listen: [`${protocol}:${LOCALHOST}:0`],
      transport: protocol,
      clock,
      ...(timers && { timers }),
      ...(proxy && { outboundProxy: `sip:${LOCALHOST}:${proxy.port};lr` }),
    });
    const phone = new Phone(client, clock);
    await client.listen();
    return phone;
  }

  get calls(): ReadonlySet<Call> {
    return this.client.calls;
  }

  onCall(take: (call: Call) => Promise<void>): void {
    this.client.on('invite', take);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
