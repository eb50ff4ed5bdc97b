import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Protocol } from './load.ts';

/** For programs that want to be told their port: one that the system has just given, and got back. */
export const freePort = (protocol: Protocol): Promise<number> =>
  new Promise((resolve, reject) => {
    if (protocol === 'udp') {
      const socket = createSocket('udp4').once('error', reject);
      socket.bind(0, '127.0.0.1', () => {
        const { port } = socket.address();
        socket.close(() => resolve(port));
      });
    } else {
      const server = createServer().once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
      });
    }
  });
