import { UsageError } from '@sipx/contracts';
import type { Message, Request, Response } from '@sipx/message';

// Branches, tags and hosts compare without case (7.3.1), methods and Call-IDs with it.
// Keys are joined: a template's text would keep its parts alive as long as it lives itself, and they their message.

/** 17.1.3. The request and each of its responses give the same key. */
export const clientKey = (message: Message, method: string = message.cseq.method): string => {
  const branch = message.via.branch;
  return branch === undefined ? '' : [branch.toLowerCase(), method].join(';');
};

/**
 * 17.2.3. A request, its retransmissions, and (as `method` INVITE) its ACK and CANCEL give the same key.
 */
export const serverKey = (
  request: Request,
  method: string = transactionMethod(request),
): string => {
  const { via } = request;
  const branch = via.branch?.toLowerCase();
  return branch?.startsWith(MAGIC_COOKIE)
    ? [branch, via.sentBy.toLowerCase(), method].join(';')
    : [legacyKey(request), method].join(';');
};

/** 8.1.1.7: a branch that starts with it is unique in space and time. */
const MAGIC_COOKIE = 'z9hg4bk';

/** Whether a server key is of RFC 2543's sort. */
export const isLegacy = (key: string): boolean => !key.startsWith(MAGIC_COOKIE);

/** RFC 2543's way, sans the To tag, which an ACK has and its INVITE has not. */
const legacyKey = (request: Request): string => {
  const { uri, from, callId, cseq, via } = request;
  return `RFC 2543;${uri};${from.tag?.toLowerCase() ?? ''};${callId};${cseq.sequence};${via}`;
};

/**
 * 8.2.2.2. Equal for the copies of one request that came to one core by different ways; '' when it cannot be one.
 */
export const mergedKey = (request: Request, core: string = ''): string => {
  if (request.method === 'ACK' || request.method === 'CANCEL') return '';
  const { to, from, callId, cseq } = request;
  if (to.tag !== undefined || from.tag === undefined) return '';
  // No value holds a line break, so that no two keys run together.
  return [callId, from.tag.toLowerCase(), cseq.sequence, cseq.method, core].join('\n');
};

const transactionMethod = ({ method }: Request): string => (method === 'ACK' ? 'INVITE' : method);

/** The To tag as it compares. */
export const toTag = (message: Request | Response): string => message.to.tag?.toLowerCase() ?? '';

/** @throws UsageError SIPX_USAGE: an ACK makes no transaction (17) */
export const refuseAck = ({ method }: Request): void => {
  if (method !== 'ACK') return;
  throw new UsageError('SIPX_USAGE', 'an ACK has no transaction of its own', {
    expected: 'the ACK for a 2xx handed to the transport as it is',
  });
};
