import type { Connection, Sink, SIPXError, TransportAddress } from '@sipx/contracts';

/** What a transport told, in order. */
export type News =
  | { readonly type: 'opened'; readonly connection: Connection }
  | {
      readonly type: 'data';
      readonly connection: Connection;
      readonly bytes: Uint8Array;
      readonly from: TransportAddress;
    }
  | {
      readonly type: 'failed';
      readonly connection: Connection;
      readonly error: SIPXError;
      readonly to: TransportAddress | undefined;
    }
  | { readonly type: 'drained'; readonly connection: Connection }
  | {
      readonly type: 'closed';
      readonly connection: Connection;
      readonly error: SIPXError | undefined;
    };

export type NewsOf<Type extends News['type']> = Extract<News, { readonly type: Type }>;

/** A sink that remembers, and wakes who waits for more. */
export class Recorder implements Sink {
  readonly news: News[] = [];
  /** How many bytes came. */
  size = 0;
  #wake: (() => void)[] = [];

  opened(connection: Connection): void {
    this.#add({ type: 'opened', connection });
  }

  data(connection: Connection, bytes: Uint8Array, from: TransportAddress): void {
    this.size += bytes.length;
    this.#add({ type: 'data', connection, bytes, from });
  }

  failed(connection: Connection, error: SIPXError, to?: TransportAddress): void {
    this.#add({ type: 'failed', connection, error, to });
  }

  drained(connection: Connection): void {
    this.#add({ type: 'drained', connection });
  }

  closed(connection: Connection, error?: SIPXError): void {
    this.#add({ type: 'closed', connection, error });
  }

  all<Type extends News['type']>(type: Type): NewsOf<Type>[] {
    return this.news.filter((news): news is NewsOf<Type> => news.type === type);
  }

  /** All the bytes that came, one after the other. */
  get received(): Uint8Array {
    const whole = new Uint8Array(this.size);
    let at = 0;
    for (const { bytes } of this.all('data')) {
      whole.set(bytes, at);
      at += bytes.length;
    }
    return whole;
  }

  /** The `count`-th news of this type, once it is there. */
  async until<Type extends News['type']>(type: Type, count = 1): Promise<NewsOf<Type>> {
    for (;;) {
      const found = this.all(type)[count - 1];
      if (found) return found;
      await this.next();
    }
  }

  /** Resolves at the next news. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #add(news: News): void {
    this.news.push(news);
    const woken = this.#wake;
    this.#wake = [];
    for (const wake of woken) wake();
  }
}
