import { Request } from '@sipx/message';
import { PEER } from '../../../test/support/hosts.ts';

/** A request as an owner hands it over: no Via yet. */
export const ownRequest = (method: string = 'OPTIONS'): Request =>
  new Request({
    method,
    uri: `sip:peer@${PEER}`,
    headers: {
      From: '<sip:here@example.com>;tag=mine',
      To: '<sip:peer@example.com>',
      'Call-ID': 'out-1',
      CSeq: `1 ${method}`,
    },
  });
