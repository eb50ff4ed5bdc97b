const SHARDS = 64;

/**
 * A map by text for very many entries. A `Map` that outgrows its room moves all of them at once, which at a quarter
 * of a million takes some 70 ms; each of these moves a few thousand.
 */
export class ShardedMap<V> {
  readonly #shards: (Map<string, V> | undefined)[] = [];
  #size = 0;
  /** Most keys are looked for and then set. */
  #lastKey = '';
  #lastShard = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    return this.#shards[this.#shardOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.#shards[this.#shardOf(key)]?.has(key) === true;
  }

  set(key: string, value: V): void {
    const at = this.#shardOf(key);
    let shard = this.#shards[at];
    if (!shard) this.#shards[at] = shard = new Map();
    const before = shard.size;
    shard.set(key, value);
    this.#size += shard.size - before;
  }

  delete(key: string): boolean {
    const isGone = this.#shards[this.#shardOf(key)]?.delete(key) === true;
    if (isGone) this.#size -= 1;
    return isGone;
  }

  #shardOf(key: string): number {
    if (key !== this.#lastKey) {
      this.#lastShard = shardOf(key);
      this.#lastKey = key;
    }
    return this.#lastShard;
  }

  /** In no order. */
  *values(): IterableIterator<V> {
    for (const shard of this.#shards) if (shard) yield* shard.values();
  }
}

/** Keys that somebody crafts to meet in one shard only make it what all were without shards. */
const shardOf = (key: string): number => {
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 15)) & (SHARDS - 1);
};
