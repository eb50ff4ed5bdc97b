import { SIPServer } from '@sipx/server';
import { peerRequest } from '../../../test/support/peer-messages.ts';
import type { RawPeer } from '../../../test/support/raw-peer.ts';
import { Stage } from '../../../test/support/stage.ts';

/** A server on a network in memory and a peer that speaks raw bytes. */
export class ServerStage extends Stage {
  readonly server: SIPServer = new SIPServer({ endpoint: this.endpoint });
  #requests = 0;

  /** Sends one more request, in a transaction and with a Call-ID of its own unless told otherwise. */
  async ask(
    peer: RawPeer,
    method: string,
    changes: Record<string, string | undefined> = {},
    uri?: string,
  ): Promise<void> {
    this.#requests += 1;
    const id = String(this.#requests);
    const own = { Via: `SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK${id}`, 'Call-ID': id };
    await peer.send(peerRequest(method, { ...own, ...changes }, uri));
    await this.settle();
  }
}
