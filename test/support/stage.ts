import { silentLogger } from '@sipx/contracts';
import { Endpoint, type EndpointOptions } from '@sipx/endpoint';
import { ManualClock, MemoryNetwork, SeededIds } from '@sipx/testing';
import { HERE, PEER } from './hosts.ts';
import { RawPeer } from './raw-peer.ts';

/** An endpoint on a faultless network in memory, and a peer that speaks raw bytes. */
export class Stage {
  readonly clock: ManualClock = new ManualClock();
  readonly network: MemoryNetwork = new MemoryNetwork({ clock: this.clock, seed: 1 });
  readonly endpoint: Endpoint;

  constructor(options: EndpointOptions = {}) {
    this.endpoint = new Endpoint({
      transports: (['udp', 'tcp'] as const).map((protocol) =>
        this.network.transport({ host: HERE, protocol }),
      ),
      listen: [`udp:${HERE}:5060`, `tcp:${HERE}:5060`],
      clock: this.clock,
      ids: new SeededIds(7),
      ...options,
    });
  }

  async peer(protocol: 'udp' | 'tcp' = 'udp'): Promise<RawPeer> {
    await this.endpoint.listen();
    const make = this.network.transport({ host: PEER, protocol });
    const transport = make({ clock: this.clock, logger: silentLogger });
    const peer = new RawPeer(this.clock, protocol);
    await peer.open(transport);
    return peer;
  }

  /** Lets everything that is under way arrive; no protocol timer fires. */
  settle(): Promise<void> {
    return this.clock.runFor(0);
  }
}
