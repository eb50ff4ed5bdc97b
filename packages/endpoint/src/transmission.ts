import type { Path } from './runner.ts';
import type { Sender } from './sender.ts';

/** A request without a transaction, as it went out: whoever hears its cause again sends it again. */
export class Transmission {
  readonly #sender: Sender;
  readonly #path: Path;
  readonly #bytes: Uint8Array;

  constructor(sender: Sender, path: Path, bytes: Uint8Array) {
    this.#sender = sender;
    this.#path = path;
    this.#bytes = bytes;
  }

  repeat(): void {
    this.#sender.transmit(this.#path, this.#bytes);
  }
}
