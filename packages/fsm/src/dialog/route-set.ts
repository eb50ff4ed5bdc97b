import {
  isSipURI,
  type NameAddr,
  Params,
  type Request,
  type Response,
  type SipURI,
  type URI,
} from '@sipx/message';
import type { Dialog } from './dialog.ts';

/** 12.1.2: Record-Route of the response backwards, the caller's nearest proxy first. */
export const callerRouteSet = ({ headers }: Response): readonly NameAddr[] =>
  headers.getAll('Record-Route').reverse();

/** 12.1.1: Record-Route of the request as it stands. */
export const calleeRouteSet = ({ headers }: Request): readonly NameAddr[] =>
  headers.getAll('Record-Route');

/** Where a request of the dialog is addressed, and its Route values. */
export interface Routed {
  readonly uri: URI;
  readonly route: readonly string[];
}

/**
 * 12.2.1.1. A strict router at the head (no `lr`) wants to be in the Request-URI itself; the remote target
 * then travels as the last Route.
 */
export const routed = (dialog: Dialog): Routed => {
  const { routeSet, remoteTarget } = dialog;
  const strict = strictRouter(dialog);
  if (!strict) return { uri: remoteTarget, route: routeSet.map(String) };
  const [, ...rest] = routeSet;
  return { uri: requestURI(strict), route: [...rest.map(String), `<${remoteTarget}>`] };
};

/** The strict router at the head: the dialog's requests go there, whatever router their Route names next (8.1.2). */
export const strictRouter = ({ routeSet: [first] }: Dialog): SipURI | undefined =>
  first && isSipURI(first.uri) && !first.uri.lr ? first.uri : undefined;

/** 19.1.1: what a Request-URI may not hold. */
const requestURI = (uri: SipURI): URI =>
  uri.with({ headers: {}, params: new Params(uri.params, 'uri').delete('method') });
