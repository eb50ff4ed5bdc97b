import type { TransportFactory } from '@sipx/contracts';
import { UsageError } from '@sipx/contracts';

/** The socket packages by name: the only file that knows them, so that another set can stand in for it. */
const known: Record<string, () => Promise<TransportFactory>> = {
  udp: async () => (await import('@sipx/transport-udp')).udp(),
  tcp: async () => (await import('@sipx/transport-tcp')).tcp(),
};

/**
 * A transport by its name, in any case; its package is loaded here and not before.
 * @throws UsageError SIPX_TRANSPORT_MISSING
 */
export const transportByName = async (name: string): Promise<TransportFactory> => {
  const key = name.toLowerCase();
  const load = known[key];
  if (!load) {
    throw new UsageError('SIPX_TRANSPORT_MISSING', 'no such transport', {
      expected: Object.keys(known).join(', '),
      got: name,
    });
  }
  try {
    return await load();
  } catch (cause) {
    throw new UsageError(
      'SIPX_TRANSPORT_MISSING',
      `transport ${key} is not installed; run: npm install @sipx/transport-${key}`,
      { cause },
    );
  }
};
