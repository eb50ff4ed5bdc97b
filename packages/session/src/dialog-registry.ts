import type { IncomingAck, IncomingRequest } from '@sipx/endpoint';
import type { DialogId } from '@sipx/fsm';
import type { Request } from '@sipx/message';

/** What takes the requests inside a dialog: a call, later a subscription. */
export interface DialogUser {
  receive(incoming: IncomingRequest): void | Promise<void>;
  acknowledge(ack: IncomingAck): void;
}

/** Which dialogs a user agent takes part in, and who in it handles each. */
export class DialogRegistry {
  readonly #users = new Map<string, DialogUser>();

  add(id: DialogId, user: DialogUser): void {
    this.#users.set(key(id.callId, id.localTag, id.remoteTag), user);
  }

  remove(id: DialogId): void {
    this.#users.delete(key(id.callId, id.localTag, id.remoteTag));
  }

  /** For a request that came in: its To tag is ours (RFC 3261 12.2.2). */
  find(request: Request): DialogUser | undefined {
    const { tag } = request.to;
    return tag === undefined
      ? undefined
      : this.#users.get(key(request.callId, tag, request.from.tag ?? ''));
  }
}

/** None of the three holds a space. */
const key = (callId: string, localTag: string, remoteTag: string): string =>
  `${callId} ${localTag} ${remoteTag}`;
