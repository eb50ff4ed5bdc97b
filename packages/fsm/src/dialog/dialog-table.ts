import { UsageError } from '@sipx/contracts';
import { ShardedMap } from '../sharded-map.ts';
import { type Dialog, type DialogId, dialogMoves } from './dialog.ts';

/** The living dialogs by their id. */
export class DialogTable {
  readonly #limit: number;
  readonly #dialogs = new ShardedMap<Dialog>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#dialogs.size;
  }

  [Symbol.iterator](): IterableIterator<Dialog> {
    return this.#dialogs.values();
  }

  get(id: DialogId): Dialog | undefined {
    return this.#dialogs.get(keyOf(id));
  }

  add(dialog: Dialog): void {
    const key = keyOf(dialog.id);
    if (this.#dialogs.has(key)) {
      throw new UsageError('SIPX_USAGE_STATE', 'this dialog is known already', {
        expected: 'updateDialog',
        got: `Call-ID ${dialog.id.callId}`,
      });
    }
    // A call that was under way when the limit was reached may still be answered.
    if (dialog.state === 'early' || this.size >= 2 * this.#limit) this.refuseWhenFull();
    this.#dialogs.set(key, dialog);
  }

  get hasRoom(): boolean {
    return this.size < this.#limit;
  }

  /** @throws UsageError SIPX_LIMIT_DIALOGS */
  refuseWhenFull(): void {
    if (this.hasRoom) return;
    throw new UsageError('SIPX_LIMIT_DIALOGS', 'too many dialogs at once', {
      expected: `at most ${this.#limit}`,
    });
  }

  /** Gives what it was before. */
  replace(dialog: Dialog): Dialog {
    const key = keyOf(dialog.id);
    const previous = this.#dialogs.get(key);
    if (!previous) {
      throw new UsageError('SIPX_DIALOG_UNKNOWN', 'no such dialog to update', {
        got: `Call-ID ${dialog.id.callId}`,
      });
    }
    if (dialog.state !== previous.state && !dialogMoves[previous.state].includes(dialog.state)) {
      throw new UsageError('SIPX_USAGE_STATE', 'a dialog does not go this way', {
        expected: dialogMoves[previous.state].join(' or ') || 'nothing more',
        got: `${previous.state} to ${dialog.state}`,
      });
    }
    this.#dialogs.set(key, dialog);
    return previous;
  }

  remove(id: DialogId): Dialog | undefined {
    const key = keyOf(id);
    const dialog = this.#dialogs.get(key);
    if (dialog) this.#dialogs.delete(key);
    return dialog;
  }
}

/**
 * Tags compare without case (7.3.1), Call-IDs with it (20.8). No value holds a line break. Joined it is a text of
 * its own, which a template's is not.
 */
const keyOf = ({ callId, localTag, remoteTag }: DialogId): string =>
  [callId, localTag.toLowerCase(), remoteTag.toLowerCase()].join('\n');
