import { ProtocolError, UsageError } from '@sipx/contracts';
import { isSipURI, type Request, type Response } from '@sipx/message';
import type { Dialog, DialogState } from './dialog.ts';
import { contactURI, refreshTarget } from './remote-target.ts';
import { calleeRouteSet, callerRouteSet } from './route-set.ts';

/**
 * The caller's dialog, from its request and a 101-299 response with a To tag (12.1.2). A response without
 * Contact leaves the Request-URI as the remote target.
 * @throws UsageError SIPX_USAGE for other responses
 */
export const dialogFromResponse = (request: Request, response: Response): Dialog => {
  const { from } = request;
  const { to } = response;
  return {
    id: { callId: request.callId, localTag: from.tag ?? '', remoteTag: to.tag ?? '' },
    state: stateBy(response),
    role: 'uac',
    local: from,
    remote: to,
    remoteTarget: contactURI(response) ?? request.uri,
    routeSet: callerRouteSet(response),
    localCSeq: request.cseq.sequence,
    secure: isSecure(request),
  };
};

/**
 * The callee's dialog, from a request and its own 101-299 response, whose To tag it takes (12.1.1).
 * @throws UsageError SIPX_USAGE for other responses
 * @throws ProtocolError SIPX_MESSAGE_INVALID when the request has no Contact: answer it 400
 */
export const dialogFromRequest = (request: Request, response: Response): Dialog => {
  const { from, cseq } = request;
  const { to } = response;
  const remoteTarget = contactURI(request);
  if (!remoteTarget) {
    throw new ProtocolError('SIPX_MESSAGE_INVALID', `${request.method} makes no dialog`, {
      expected: 'a Contact (RFC 3261 8.1.1.8)',
    });
  }
  return {
    id: { callId: request.callId, localTag: to.tag ?? '', remoteTag: from.tag ?? '' },
    state: stateBy(response),
    role: 'uas',
    local: to,
    remote: from,
    remoteTarget,
    routeSet: calleeRouteSet(request),
    localCSeq: 0,
    remoteCSeq: cseq.sequence,
    secure: isSecure(request),
  };
};

/**
 * The 2xx came, or was sent. A caller's route set and remote target are taken anew from it (13.2.2.4), since
 * proxies may have changed their minds after the provisional response; a callee's stay. A dialog that is
 * not early is given back as it is: a repeated 2xx, or one to a re-INVITE, moves no route set.
 */
export const confirmed = (dialog: Dialog, response: Response): Dialog => {
  if (dialog.state !== 'early') return dialog;
  if (dialog.role === 'uas') return { ...dialog, state: 'confirmed' };
  return {
    ...refreshTarget(dialog, response),
    state: 'confirmed',
    routeSet: callerRouteSet(response),
  };
};

export const terminated = (dialog: Dialog): Dialog =>
  dialog.state === 'terminated' ? dialog : { ...dialog, state: 'terminated' };

/** Whether a 1xx or 2xx to the request makes a dialog (RFC 3261 12.1, RFC 6665 4.1.2.3). */
export const formsDialog = ({ method, to }: Request): boolean =>
  (method === 'INVITE' || method === 'SUBSCRIBE') && to.tag === undefined;

const stateBy = ({ status }: Response): DialogState => {
  if (status > 100 && status < 200) return 'early';
  if (status >= 200 && status < 300) return 'confirmed';
  throw new UsageError('SIPX_USAGE', 'this response makes no dialog', {
    expected: 'a status of 101 to 299',
    got: `${status}`,
  });
};

const isSecure = ({ uri }: Request): boolean => isSipURI(uri) && uri.secure;
