import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

export const LOCALHOST = '127.0.0.1';

/** For a program that has to be told its port: one that is free for TCP and for UDP, with the next even one. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const server = createServer().listen(0, LOCALHOST);
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const isFree = (await isFreeForUdp(port)) && (await isFreeForUdp(port + 2));
    server.close();
    await once(server, 'close');
    if (isFree) return port;
  }
  throw new Error('no free port');
};

const isFreeForUdp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, LOCALHOST, () => socket.close(() => resolve(true)));
  });
