import type { IncomingAck, IncomingRequest } from '@sipx/endpoint';
import { type DialogId, ShardedMap } from '@sipx/fsm';
import type { Request } from '@sipx/message';

/** What takes the requests inside a dialog: a call, later a subscription. */
export interface DialogUser {
  receive(incoming: IncomingRequest): void | Promise<void>;
  acknowledge(ack: IncomingAck): void;
}

/** Which dialogs a user agent takes part in, and who in it handles each. */
export class DialogRegistry {
  readonly #users = new ShardedMap<DialogUser>();
  /** A request is claimed and then received: its dialog is looked for once. */
  #sought: Request | undefined;
  #found: DialogUser | undefined;

  add(id: DialogId, user: DialogUser): void {
    this.#sought = undefined;
    this.#users.set(key(id.callId, id.localTag, id.remoteTag), user);
  }

  remove(id: DialogId): void {
    this.#sought = undefined;
    this.#found = undefined;
    this.#users.delete(key(id.callId, id.localTag, id.remoteTag));
  }

  /** For a request that came in: its To tag is ours (RFC 3261 12.2.2). */
  find(request: Request): DialogUser | undefined {
    if (request === this.#sought) return this.#found;
    const { tag } = request.to;
    if (tag === undefined) return undefined;
    this.#found = this.#users.get(key(request.callId, tag, request.from.tag ?? ''));
    this.#sought = request;
    return this.#found;
  }
}

/** None of the three holds a space. Joined it is a text of its own, which keeps no part of a message. */
const key = (callId: string, localTag: string, remoteTag: string): string =>
  [callId, localTag, remoteTag].join(' ');
