import type { Request } from '@sipx/message';
import type { Dialog } from './dialog.ts';

/**
 * 12.2.2: requests of the peer come in rising order; one that was overtaken is answered 500. ACK and CANCEL
 * carry the number of their INVITE and do not count. The remote target is another matter: `refreshTarget`,
 * once the request is accepted.
 */
export const receiveInDialog = (
  dialog: Dialog,
  request: Request,
): { dialog: Dialog } | { status: 500 } => {
  if (request.method === 'ACK' || request.method === 'CANCEL') return { dialog };
  const remoteCSeq = request.cseq.sequence;
  if (dialog.remoteCSeq !== undefined && remoteCSeq < dialog.remoteCSeq) return { status: 500 };
  return { dialog: { ...dialog, remoteCSeq } };
};
