import type { TransportAddress } from '@sipx/contracts';
import type { MemoryWire, StreamEnd } from './memory-wire.ts';

/** A sum of times is not exact, and a piece that misses its timer gets no other. */
const ROUNDING = 0.001;

type Piece = Uint8Array | 'start' | 'end';

/** One direction of a stream: nothing lost, nothing overtaken, and no boundary kept (but a WebSocket's). */
export class MemoryPipe {
  readonly #wire: MemoryWire;
  readonly #from: string;
  readonly #to: StreamEnd;
  readonly #onRoom: () => void;
  readonly #keepsFrames: boolean;
  readonly #pieces: { readonly piece: Piece; readonly due: number }[] = [];
  #queued = 0;
  #latest = 0;
  #isFinished = false;

  constructor(wire: MemoryWire, from: TransportAddress, to: StreamEnd, onRoom: () => void) {
    this.#wire = wire;
    this.#from = from.host;
    this.#to = to;
    this.#onRoom = onRoom;
    this.#keepsFrames = from.protocol === 'ws' || from.protocol === 'wss';
  }

  /** Bytes on their way. */
  get queued(): number {
    return this.#queued;
  }

  write(bytes: Uint8Array): void {
    this.#queued += bytes.length;
    let at = 0;
    do {
      const end = this.#keepsFrames ? bytes.length : this.#cut(at, bytes.length);
      this.#post(bytes.slice(at, end));
      at = end;
    } while (at < bytes.length);
  }

  /** For the side that was called: the first news that its caller hears. */
  begin(): void {
    this.#post('start');
  }

  /** The end arrives after all that was written. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#post('end');
  }

  /** Half of the time whole, else anywhere. */
  #cut(from: number, to: number): number {
    const { random } = this.#wire;
    return random() < 0.5 ? to : Math.min(to, from + 1 + Math.floor(random() * (to - from)));
  }

  #post(piece: Piece): void {
    const wire = this.#wire;
    wire.inFlight += 1;
    const now = wire.clock.now();
    // Behind one that is late, the next ones are late too.
    this.#latest = Math.max(this.#latest, now + wire.delay(this.#from, this.#to.local.host));
    this.#pieces.push({ piece, due: this.#latest });
    wire.clock.start(this.#latest - now, this.#arrive);
  }

  /** Timers only say that it is time for one more piece; which one, the queue says. */
  readonly #arrive = (): void => {
    const wire = this.#wire;
    if (wire.isApart(this.#from, this.#to.local.host)) {
      wire.stalled.add(() => this.#arrive());
      return;
    }
    // Its piece may have gone with the one before.
    if (!this.#isDue()) return;
    let bytes = this.#take();
    if (bytes === undefined) return;
    if (bytes === 'start') return this.#to.started();
    if (bytes === 'end') return this.#to.ended();
    while (!this.#keepsFrames && this.#hasMore() && wire.random() < 0.25) {
      const more = this.#take();
      if (more instanceof Uint8Array) bytes = joined(bytes, more);
    }
    this.#queued -= bytes.length;
    this.#to.receive(bytes);
    this.#onRoom();
  };

  /** Bytes that could have come in the same read. */
  #hasMore(): boolean {
    return this.#pieces[0]?.piece instanceof Uint8Array && this.#isDue();
  }

  #isDue(): boolean {
    const [next] = this.#pieces;
    return next !== undefined && next.due <= this.#wire.clock.now() + ROUNDING;
  }

  #take(): Piece | undefined {
    const next = this.#pieces.shift();
    if (next) this.#wire.inFlight -= 1;
    return next?.piece;
  }
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
};
