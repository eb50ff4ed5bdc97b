import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';

/** Any port will do: nothing is sent to it. */
const DISCARD = 9;

/**
 * The address of this machine that traffic to `host` leaves from, as its routing table says: what to put into SDP.
 * Undefined when there is no way there; the call itself will say so.
 */
export const localAddressTowards = async (host: string): Promise<string | undefined> => {
  try {
    const { address, family } = await lookup(host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    try {
      socket.connect(DISCARD, address);
      await once(socket, 'connect');
      return socket.address().address;
    } finally {
      socket.close();
    }
  } catch {
    return undefined;
  }
};
