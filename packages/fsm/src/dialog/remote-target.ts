import type { Message, URI } from '@sipx/message';
import type { Dialog } from './dialog.ts';

/** RFC 3261 12.2, RFC 3311 5.1, RFC 6665 4, RFC 5057 5.4. */
const REFRESHING: readonly string[] = ['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER'];

/**
 * The peer moved: its Contact in a target refresh request, or in the 2xx to one, is the new remote target
 * (12.2.1.2, 12.2.2). Any other message leaves the dialog as it is.
 */
export const refreshTarget = (dialog: Dialog, message: Message): Dialog => {
  if (message.type === 'response' && !message.ok) return dialog;
  const method = message.type === 'request' ? message.method : message.cseq.method;
  if (!REFRESHING.includes(method)) return dialog;
  const remoteTarget = contactURI(message);
  return remoteTarget ? { ...dialog, remoteTarget } : dialog;
};

export const contactURI = ({ contact }: Message): URI | undefined =>
  contact && !contact.wildcard ? contact.uri : undefined;
