import type { Clock, TransportConfig, TransportFactory, TransportProtocol } from '@sipx/contracts';
import { MemoryHost } from './memory-host.ts';
import { MemoryTransport } from './memory-transport.ts';
import { type Counts, direction, type Faults, MemoryWire } from './memory-wire.ts';
import { seededRandom } from './seeded-random.ts';

export interface MemoryNetworkOptions extends Partial<Faults> {
  readonly clock: Clock;
  /** The same seed, the same faults. */
  readonly seed: number | string;
}

/**
 * A network without sockets. Its hosts are whatever addresses its transports are given. Datagrams suffer the
 * faults; streams arrive whole and in order, but late and in pieces of any size. Everything moves by the clock.
 */
export class MemoryNetwork {
  readonly #wire: MemoryWire;

  constructor({ clock, seed, ...faults }: MemoryNetworkOptions) {
    this.#wire = new MemoryWire(clock, seededRandom(seed), {
      loss: 0,
      duplication: 0,
      reordering: 0,
      delay: [0, 0],
      ...faults,
    });
  }

  /** A transport on one host of this network. */
  transport(options: {
    readonly host: string;
    readonly protocol: TransportProtocol;
    readonly config?: TransportConfig;
  }): TransportFactory {
    const { host, protocol, config = {} } = options;
    const factory = (): MemoryTransport => new MemoryTransport(this.#wire, host, protocol, config);
    return Object.assign(factory, { protocol });
  }

  /** A machine of this network that can crash. */
  host(address: string): MemoryHost {
    return new MemoryHost(this.#wire, address);
  }

  /** Faults of one direction, from host to host, in place of the network's own. */
  setFaults(from: string, to: string, faults: Partial<Faults>): void {
    this.#wire.links.set(direction(from, to), faults);
  }

  /** Nothing passes between the two hosts: datagrams are lost, streams and their connecting wait. */
  partition(a: string, b: string): void {
    this.#wire.apart.add(direction(a, b)).add(direction(b, a));
  }

  /** Ends one partition, or all of them. */
  heal(...hosts: [] | [a: string, b: string]): void {
    const { apart, stalled } = this.#wire;
    const [a, b] = hosts;
    if (a === undefined || b === undefined) apart.clear();
    else for (const way of [direction(a, b), direction(b, a)]) apart.delete(way);
    const resumed = [...stalled];
    stalled.clear();
    // What is still apart stalls again.
    for (const resume of resumed) resume();
  }

  /** So far. */
  get counts(): Readonly<Counts> {
    return this.#wire.counts;
  }

  /** Datagrams and pieces of streams that are on their way. */
  get inFlight(): number {
    return this.#wire.inFlight;
  }

  /** Sockets, listeners and connections (both ends) that are open. */
  get open(): number {
    const { datagramSockets, acceptors, streams } = this.#wire;
    return datagramSockets.size + acceptors.size + streams.size;
  }
}
