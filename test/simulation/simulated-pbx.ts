import type { Clock, IdSource } from '@sipx/contracts';
import { Proxy, Registrar, SIPServer } from '@sipx/server';
import type { MemoryNetwork } from '@sipx/testing';

const HOST = '192.0.2.9';

/** A registrar and a record-routing proxy with digest, on a simulated host. */
export class Pbx {
  readonly server: SIPServer;

  constructor(network: MemoryNetwork, clock: Clock, ids: IdSource) {
    const protocols = ['udp', 'tcp'] as const;
    const users = { alice: 'alice-secret', bob: 'bob-secret' };
    this.server = new SIPServer({
      transports: protocols.map((protocol) => network.transport({ host: HOST, protocol })),
      listen: protocols.map((protocol) => `${protocol}:${HOST}:5060`),
      clock,
      ids,
    });
    const registrar = new Registrar({ domain: HOST, users, clock, ids });
    this.server.use(registrar).use(
      new Proxy({
        target: async ({ request }) => (await registrar.lookup(request.uri))[0]?.contact ?? 404,
        authenticate: { realm: HOST, users },
        clock,
        ids,
      }),
    );
  }
}
