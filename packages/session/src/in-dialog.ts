import type { IncomingRequest } from '@sipx/endpoint';
import type { CallDialog } from './call-dialog.ts';

/** The methods that a call answers; others get 405 with this list (RFC 3261 8.2.1). */
export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS';

/** A request inside a call's dialog (RFC 3261 12.2.2). */
export const answerInDialog = (
  incoming: IncomingRequest,
  dialog: CallDialog,
  bye: () => void,
): void | Promise<void> => {
  const { request } = incoming;
  const refusal = dialog.refusal(request);
  if (refusal !== undefined) return incoming.respond(refusal);
  switch (request.method) {
    case 'BYE': {
      const sent = incoming.respond(200);
      bye();
      return sent;
    }
    case 'OPTIONS':
      return incoming.respond(200, { headers: { Allow: ALLOW, Accept: 'application/sdp' } });
    case 'INVITE':
      // A refused re-INVITE leaves the session as it is (RFC 3261 14.2).
      return incoming.respond(488);
    default:
      return incoming.respond(405, { headers: { Allow: ALLOW } });
  }
};
