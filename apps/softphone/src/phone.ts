import { type RTPSession, rtp } from '@sipx/media';
import { Client, LoggingHandler, type SipURI } from 'sipx';
import type { Account } from './account.ts';
import { localAddressTowards } from './local-address.ts';
import { stackLogger } from './logger.ts';
import { painted } from './colour.ts';
import type { Terminal } from './terminal.ts';
import { traceOf } from './trace.ts';

/** What every command gets. */
export interface Setup {
  readonly account: Account;
  readonly trace: boolean;
  readonly verbose: boolean;
  readonly terminal: Terminal;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** RFC 3261 8.1.1.3, for who calls without an account. */
const ANONYMOUS = 'sip:anonymous@anonymous.invalid';

/** The account's user agent. It opens nothing before it is used. */
export const openPhone = (setup: Setup, listen: readonly string[] = []): Client => {
  const { account, terminal, trace, verbose } = setup;
  const { address, credentials, registrar, proxy, transport } = account;
  const logger = stackLogger(verbose, terminal.paint === painted);
  const phone = new Client({
    uri: address ?? ANONYMOUS,
    listen: account.listen.length > 0 ? account.listen : listen,
    userAgent: 'SIPX softphone',
    logger,
    ...(credentials && { credentials }),
    ...(registrar && { registrar }),
    ...(proxy && { outboundProxy: proxy }),
    ...(transport && { transport }),
    ...(verbose && { handlers: [new LoggingHandler({ logger, level: 'debug' })] }),
  });
  if (trace) phone.endpoint.on('wire', (event) => terminal.note(traceOf(event, terminal.paint)));
  return phone;
};

/** Sound for one call with the peer, or its proxy, at `host`, if that is known. */
export const openMedia = async (
  account: Account,
  host: string | undefined,
): Promise<RTPSession> => {
  const address = account.mediaAddress ?? (host && (await localAddressTowards(host)));
  return rtp(address ? { address } : {});
};

export const nextHopOf = ({ proxy }: Account, target: SipURI): string => (proxy ?? target).host;
