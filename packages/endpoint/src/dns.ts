import { lookup } from 'node:dns/promises';
import type { ResolvedAddress, Resolver } from '@sipx/contracts';
import { NetworkError } from '@sipx/contracts';

/** Plain A and AAAA by the system's resolver, in the system's order (RFC 6724). */
export const systemResolver: Resolver = {
  async addresses(host: string): Promise<readonly ResolvedAddress[]> {
    try {
      const found = await lookup(host, { all: true, order: 'verbatim' });
      return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
    } catch (cause) {
      throw new NetworkError('SIPX_RESOLVE', `no address for ${host}`, { cause });
    }
  },
};
