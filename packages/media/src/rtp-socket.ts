import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Logger, NetworkError } from '@sipx/contracts';

/** A UDP socket for one stream. */
export interface RTPSocket {
  readonly port: number;
  send(bytes: Uint8Array, port: number, host: string): void;
  close(): void;
}

/** Rejects with SIPX_MEDIA when the address cannot be bound. */
export const openSocket = async (
  at: { readonly address: string; readonly port: number },
  received: (bytes: Uint8Array, from: string) => void,
  logger: Logger,
): Promise<RTPSocket> => {
  const family = isIP(at.address) === 6 ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Only literals get here; the platform would ask its resolver for each datagram.
    lookup: (host, _options, found) => found(null, host, family),
  });
  await bind(socket, at);
  // An unreachable peer is no reason to end a call: signalling will find out.
  socket.on('error', (error) => logger.debug({ error }, 'RTP socket'));
  socket.on('message', (bytes, from) => received(bytes, from.address));
  let open = true;
  return {
    port: socket.address().port,
    send(bytes, port, host) {
      if (!open) return;
      socket.send(bytes, port, host, (error) => {
        if (error) logger.debug({ error }, 'RTP packet not sent');
      });
    },
    close() {
      if (open) socket.close();
      open = false;
    },
  };
};

const bind = (
  socket: Socket,
  { address, port }: { address: string; port: number },
): Promise<void> =>
  new Promise((bound, failed) => {
    const refused = (cause: Error): void => {
      socket.close();
      failed(new NetworkError('SIPX_MEDIA', `cannot bind ${address} port ${port}`, { cause }));
    };
    socket.once('error', refused);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', refused);
      bound();
    });
  });

/** Where a peer on the network reaches this machine, as far as it can tell: its first address that is not its own. */
export const defaultAddress = (): string => {
  const outward = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return outward?.address ?? '127.0.0.1';
};
