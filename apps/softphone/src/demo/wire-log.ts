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

/** What was seen of a passage so far. */
interface Sighting {
  readonly at: number;
  readonly protocol: TransportProtocol;
  readonly bytes: Uint8Array;
  /** Undefined where nobody watches. */
  from: string | undefined;
  to: string | undefined;
  /** What one end saw of the other. */
  readonly remote: TransportAddress;
}

/**
 * Every message between the endpoints that it watches, each once: what leaves one party and arrives at another is
 * found together by its bytes, so that it needs no knowledge of who has which port. A party that is not watched goes
 * by its address.
 */
export class WireLog {
  readonly #parties = new Map<string, string>();
  readonly #sightings: Sighting[] = [];
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
    const ids = this.#sightings.map(({ bytes }) => messageOf(bytes)?.callId);
    return [...new Set(ids.filter((id) => id !== undefined))];
  }

  /** Those of some calls or registrations, by Call-ID, in order of time. */
  passages(callIds: readonly string[]): readonly Passage[] {
    const sent = new Set<string>();
    return this.#sightings
      .map((seen) => {
        const { at, protocol, bytes, remote } = seen;
        const [from, to] = [seen.from ?? this.#nameOf(remote), seen.to ?? this.#nameOf(remote)];
        const key = `${from} ${to} ${new TextDecoder('latin1').decode(bytes)}`;
        const repeated = sent.has(key);
        sent.add(key);
        return { at, from, to, protocol, message: messageOf(bytes), repeated };
      })
      .filter(({ message }) => message && callIds.includes(message.callId))
      .toSorted((a, b) => a.at - b.at);
  }

  #seen(party: string, { direction, bytes, local, remote, protocol, at }: WireEvent): void {
    this.#parties.set(keyOf(local), party);
    if (direction === 'out') {
      this.#sightings.push({ at, from: party, to: undefined, remote, protocol, bytes });
      return;
    }
    const sent = this.#sightings.find(
      (seen) => seen.to === undefined && seen.from !== party && sameBytes(seen.bytes, bytes),
    );
    if (sent) sent.to = party;
    else this.#sightings.push({ at, from: undefined, to: party, remote, protocol, bytes });
  }

  /** Asked late: by then more is known. */
  #nameOf(remote: TransportAddress): string {
    return this.#parties.get(keyOf(remote)) ?? hostPort(remote.host, remote.port);
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
