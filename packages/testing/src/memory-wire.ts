import type { Clock, TransportAddress, TransportProtocol } from '@sipx/contracts';
import { formatAddress, parseAddress } from '@sipx/contracts';

/** What can happen to what is sent. Probabilities from 0 to 1, times in milliseconds. */
export interface Faults {
  /** A datagram that never arrives. Streams do not lose; they are late instead. 0. */
  readonly loss: number;
  /** A datagram that arrives twice. 0. */
  readonly duplication: number;
  /** A datagram that is held back by the longest delay once more, so that later ones overtake it. 0. */
  readonly reordering: number;
  /** The shortest and the longest way. [0, 0]. */
  readonly delay: readonly [min: number, max: number];
}

/** Datagrams, copies included: what is not in flight was delivered, lost or unreachable (no socket there). */
export interface Counts {
  sent: number;
  delivered: number;
  lost: number;
  duplicated: number;
  reordered: number;
  unreachable: number;
}

export interface DatagramSocket {
  receive(bytes: Uint8Array, from: TransportAddress): void;
  /** Its host crashed. */
  vanish(): void;
}

/** One side of a stream, as the other side's end reaches it. */
export interface StreamEnd {
  readonly local: TransportAddress;
  started(): void;
  receive(bytes: Uint8Array): void;
  ended(): void;
  /** Its host crashed. */
  vanish(): void;
}

export interface StreamAcceptor {
  /** The end that answers `caller`; undefined when no more are accepted. */
  accept(caller: StreamEnd): StreamEnd | undefined;
}

/** What the sockets of one network share: who is where, what gets lost, and how long the way is. */
export class MemoryWire {
  readonly clock: Clock;
  readonly random: () => number;
  readonly faults: Faults;
  readonly links: Map<string, Partial<Faults>> = new Map();
  readonly apart: Set<string> = new Set();
  readonly stalled: Set<() => void> = new Set();
  readonly datagramSockets: Map<string, DatagramSocket> = new Map();
  readonly acceptors: Map<string, StreamAcceptor> = new Map();
  readonly streams: Set<StreamEnd> = new Set();
  readonly counts: Counts = {
    sent: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    unreachable: 0,
  };
  inFlight = 0;
  readonly #ports = new Map<string, number>();

  constructor(clock: Clock, random: () => number, faults: Faults) {
    this.clock = clock;
    this.random = random;
    this.faults = faults;
  }

  sendDatagram(from: TransportAddress, to: TransportAddress, bytes: Uint8Array): void {
    const { counts } = this;
    const { loss, duplication, reordering, delay } = this.between(from.host, to.host);
    counts.sent += 1;
    const doubled = this.random() < duplication;
    if (doubled) counts.duplicated += 1;
    for (let copies = doubled ? 2 : 1; copies > 0; copies -= 1) {
      if (this.isApart(from.host, to.host) || this.random() < loss) {
        counts.lost += 1;
        continue;
      }
      const late = this.random() < reordering;
      if (late) counts.reordered += 1;
      // A sender may use its bytes again, and each receiver may keep what it got.
      const copy = bytes.slice();
      this.inFlight += 1;
      this.clock.start(this.delay(from.host, to.host) + (late ? delay[1] + 1 : 0), () => {
        this.inFlight -= 1;
        const socket = this.datagramSockets.get(formatAddress(to));
        if (socket) counts.delivered += 1;
        else counts.unreachable += 1;
        socket?.receive(copy, from);
      });
    }
  }

  /** What is open on a host is gone, and nobody there is told. */
  vanish(host: string): void {
    for (const [place, socket] of this.datagramSockets) {
      if (isOn(place, host)) socket.vanish();
    }
    for (const place of this.acceptors.keys()) if (isOn(place, host)) this.acceptors.delete(place);
    for (const stream of [...this.streams]) if (stream.local.host === host) stream.vanish();
  }

  between(from: string, to: string): Faults {
    return { ...this.faults, ...this.links.get(direction(from, to)) };
  }

  isApart(from: string, to: string): boolean {
    return this.apart.has(direction(from, to));
  }

  /** How long the way is this time. */
  delay(from: string, to: string): number {
    const [min, max] = this.between(from, to).delay;
    return min + this.random() * (max - min);
  }

  /** A port of the dynamic range that nobody on this host has had. */
  freePort(protocol: TransportProtocol, host: string): number {
    const place = `${protocol}:${host}`;
    let port = this.#ports.get(place) ?? 49_152;
    const taken = (): boolean => {
      const key = formatAddress({ protocol, host, port });
      return this.datagramSockets.has(key) || this.acceptors.has(key);
    };
    while (taken()) port += 1;
    this.#ports.set(place, port + 1);
    return port;
  }
}

const isOn = (place: string, host: string): boolean => parseAddress(place).host === host;

export const direction = (from: string, to: string): string => `${from}>${to}`;
