import type { Connection, Transport, TransportAddress } from '@sipx/contracts';
import { parseAddress } from '@sipx/contracts';
import { type Message, parseMessage, type Request, type Response } from '@sipx/message';
import type { ManualClock } from '@sipx/testing';
import { StreamFramer } from '@sipx/transport';
import { HERE, PEER } from './hosts.ts';

/** The other side as bytes: it keeps what it gets and says what it is told, right or wrong. */
export class RawPeer {
  readonly messages: Message[] = [];
  /** The bytes of each message, for comparisons to the letter. */
  readonly raw: string[] = [];
  closed = false;
  readonly #clock: ManualClock;
  readonly #protocol: 'udp' | 'tcp';
  #connection: Connection | undefined;
  readonly #framer: StreamFramer = new StreamFramer({
    message: (bytes) => this.#arrived(bytes),
    failed: (error) => {
      throw error;
    },
  });

  constructor(clock: ManualClock, protocol: 'udp' | 'tcp') {
    this.#clock = clock;
    this.#protocol = protocol;
  }

  async open(transport: Transport): Promise<void> {
    const sink = {
      opened: (connection: Connection) => {
        this.#connection ??= connection;
      },
      data: (_: Connection, bytes: Uint8Array) =>
        this.#protocol === 'udp' ? this.#arrived(bytes) : this.#framer.push(bytes),
      failed: () => {},
      drained: () => {},
      closed: () => {
        this.closed = true;
      },
    };
    await this.#clock.runUntil(
      transport.listen(parseAddress(`${this.#protocol}:${PEER}:5060`), sink),
    );
    if (this.#protocol === 'udp') return;
    this.#connection = await this.#clock.runUntil(transport.connect(this.target, {}, sink));
  }

  get target(): TransportAddress {
    return { protocol: this.#protocol, host: HERE, port: 5060 };
  }

  async send(text: string): Promise<void> {
    this.#connection?.send(new TextEncoder().encode(text), this.target);
    await this.#clock.runFor(0);
  }

  get responses(): Response[] {
    return this.messages.filter((message) => message.type === 'response');
  }

  get requests(): Request[] {
    return this.messages.filter((message) => message.type === 'request');
  }

  get statuses(): number[] {
    return this.responses.map(({ status }) => status);
  }

  #arrived(bytes: Uint8Array): void {
    this.raw.push(new TextDecoder().decode(bytes));
    this.messages.push(parseMessage(bytes));
  }
}
