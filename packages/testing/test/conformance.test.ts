import type { TransportProtocol } from '@sipx/contracts';
import { MemoryNetwork } from '@sipx/testing';
import { transportConformance } from '@sipx/testing/conformance';

const protocols: TransportProtocol[] = ['udp', 'tcp', 'tls', 'ws'];

for (const protocol of protocols) {
  for (const host of ['192.0.2.1', '2001:db8::1']) {
    transportConformance({
      name: `${protocol} in memory, ${host}`,
      create: ({ clock, config }) =>
        new MemoryNetwork({
          clock,
          seed: `${protocol} ${host}`,
          // Late, but never out of order: what is proven here is the contract, not the faults.
          delay: protocol === 'udp' ? [5, 5] : [5, 20],
        }).transport({ host, protocol, config }),
      host,
      simulated: true,
    });
  }
}
