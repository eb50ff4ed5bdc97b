import type { Message, Request } from '@sipx/message';
import type { DialogId } from './dialog.ts';

/** The dialog that a received message is in; undefined for a request sans To tag, which is in none (12.2.2). */
export const dialogIdOf = (message: Message): DialogId | undefined => {
  const { callId, from, to } = message;
  if (message.type === 'response') {
    return { callId, localTag: from.tag ?? '', remoteTag: to.tag ?? '' };
  }
  if (to.tag === undefined) return undefined;
  return { callId, localTag: to.tag, remoteTag: from.tag ?? '' };
};

/** As `dialogIdOf`, for a request of this side. */
export const dialogIdOfSent = ({ callId, from, to }: Request): DialogId | undefined =>
  to.tag === undefined ? undefined : { callId, localTag: from.tag ?? '', remoteTag: to.tag };
