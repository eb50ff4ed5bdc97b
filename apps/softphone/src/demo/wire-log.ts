import {
  type Endpoint,
  hostPort,
  type Message,
  parseMessage,
  type TransportAddress,
  type TransportProtocol,
  type WireEvent,
} from 'sipx';

/** One message on its way between two parties, from what their endpoints saw of it. */
export interface Passage {
  /** Milliseconds: when it went out, or came in where its sender was not watched. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly protocol: TransportProtocol;
  /** Undefined for what is no SIP message. */
  readonly message: Message | undefined;
  /** These bytes went this way before: a retransmission. */
  readonly repeated: boolean;
}

/** A passage whose other end may still be seen. */
interface Open {
  at: number;
  from: string;
  to: string;
  readonly protocol: TransportProtocol;
  readonly bytes: Uint8Array;
  arrived: boolean;
}

/**
 * Every message between the endpoints that it watches, each once: what leaves one party and arrives at another is
 * found together by its bytes, so that it needs no knowledge of who has which port. A party that is not watched goes
 * by its address.
 */
export class WireLog {
  readonly #parties = new Map<string, string>();
  readonly #passages: Open[] = [];
  readonly #watched: (() => void)[] = [];

  watch(name: string, endpoint: Endpoint): void {
    const seen = (event: WireEvent): void => this.#seen(name, event);
    endpoint.on('wire', seen);
    this.#watched.push(() => endpoint.off('wire', seen));
  }

  /** Watches no more. */
  close(): void {
    for (const leave of this.#watched.splice(0)) leave();
  }

  /** Of all that was seen, in order of appearance. */
  callIds(): readonly string[] {
    const ids = this.#passages.map(({ bytes }) => messageOf(bytes)?.callId);
    return [...new Set(ids.filter((id) => id !== undefined))];
  }

  /** Those of some calls or registrations, by Call-ID, in order of time. */
  passages(callIds: readonly string[]): readonly Passage[] {
    const sent = new Set<string>();
    return this.#passages
      .map(({ at, from, to, protocol, bytes }) => {
        const text = new TextDecoder('latin1').decode(bytes);
        const key = `${from} ${to} ${text}`;
        const repeated = sent.has(key);
        sent.add(key);
        return { at, from, to, protocol, message: messageOf(bytes), repeated };
      })
      .filter(({ message }) => message && callIds.includes(message.callId))
      .toSorted((a, b) => a.at - b.at);
  }

  #seen(party: string, { direction, bytes, local, remote, protocol, at }: WireEvent): void {
    this.#parties.set(keyOf(local), party);
    const other = this.#parties.get(keyOf(remote)) ?? hostPort(remote.host, remote.port);
    if (direction === 'out') {
      this.#passages.push({ at, from: party, to: other, protocol, bytes, arrived: false });
      return;
    }
    const sent = this.#passages.find(
      (open) => !open.arrived && open.from !== party && sameBytes(open.bytes, bytes),
    );
    if (sent) {
      sent.arrived = true;
      sent.to = party;
    } else {
      this.#passages.push({ at, from: other, to: party, protocol, bytes, arrived: true });
    }
  }
}

const keyOf = ({ protocol, host, port }: TransportAddress): string => `${protocol} ${host} ${port}`;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

const messageOf = (bytes: Uint8Array): Message | undefined => {
  try {
    const message = parseMessage(bytes);
    // Read once here: who asks later need not fear a malformed one.
    return message.callId && message.cseq.method ? message : undefined;
  } catch {
    return undefined;
  }
};
