import type {
  Clock,
  Timer,
  TransportConfig,
  TransportFactory,
  TransportProtocol,
} from '@sipx/contracts';
import { MemoryTransport } from './memory-transport.ts';
import type { MemoryWire } from './memory-wire.ts';

/**
 * One machine of a network in memory, with timers and sockets of its own that all stop when it crashes. What
 * starts again after a crash is a new host at the same address.
 */
export class MemoryHost {
  readonly address: string;
  /** The network's time. After a crash its timers never fire. */
  readonly clock: Clock;
  readonly #wire: MemoryWire;
  readonly #timers = new Set<Timer>();
  #isUp = true;

  constructor(wire: MemoryWire, address: string) {
    this.#wire = wire;
    this.address = address;
    const { clock } = wire;
    this.clock = {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      start: (delay, fire) => this.#start(delay, fire),
    };
  }

  /** Timers of this host that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  transport(protocol: TransportProtocol, config: TransportConfig = {}): TransportFactory {
    const make = (): MemoryTransport =>
      new MemoryTransport(this.#wire, this.address, protocol, config);
    return Object.assign(make, { protocol });
  }

  /**
   * Power off: nobody on it hears of it. Datagrams on their way arrive at whoever binds the address by then;
   * the far end of a stream sees it end.
   */
  crash(): void {
    this.#isUp = false;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#wire.vanish(this.address);
  }

  #start(delay: number, fire: () => void): Timer {
    if (!this.#isUp) return { cancel() {} };
    const waiting = this.#wire.clock.start(delay, () => {
      this.#timers.delete(timer);
      fire();
    });
    const timer: Timer = {
      cancel: () => {
        this.#timers.delete(timer);
        waiting.cancel();
      },
    };
    this.#timers.add(timer);
    return timer;
  }
}
