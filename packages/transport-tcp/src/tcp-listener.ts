import { createServer, type Server, type Socket } from 'node:net';
import {
  formatAddress,
  type Listener,
  type Logger,
  NetworkError,
  type Sink,
  type TransportAddress,
} from '@sipx/contracts';
import type { StreamConnection } from './stream-connection.ts';

export interface ListenOptions {
  readonly sink: Sink;
  /** Makes the connection of an accepted socket. */
  readonly accept: (socket: Socket) => StreamConnection;
  readonly logger: Logger;
  readonly maxConnections: number | undefined;
}

export const listenTCP = (at: TransportAddress, options: ListenOptions): Promise<Listener> => {
  const { sink, accept, logger, maxConnections = 10_000 } = options;
  const server = createServer();
  const accepted = new Set<StreamConnection>();
  server.maxConnections = maxConnections;
  server.on('drop', (facts) =>
    logger.warn({ code: 'SIPX_LIMIT_CONNECTIONS', maxConnections, ...facts }, 'connection dropped'),
  );
  server.on('connection', (socket) => {
    // A peer that is gone already has no address, and nothing to say.
    if (socket.remoteAddress === undefined) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const connection = accept(socket);
    accepted.add(connection);
    void connection.ended.then(() => accepted.delete(connection));
    sink.opened(connection);
  });
  return bound(server, at).then((port) => {
    server.on('error', (error) => logger.warn({ error: error.message }, 'a connection was lost'));
    let closing: Promise<void> | undefined;
    return {
      address: { ...at, port },
      close: () => {
        closing ??= closed(server, accepted);
        return closing;
      },
    };
  });
};

const bound = (server: Server, at: TransportAddress): Promise<number> =>
  new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const got = formatAddress(at);
      reject(new NetworkError('SIPX_TRANSPORT_BIND', 'cannot listen', { got, cause }));
    };
    server.once('error', fail);
    server.listen({ host: at.host, port: at.port }, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : at.port);
    });
  });

const closed = async (server: Server, accepted: ReadonlySet<StreamConnection>): Promise<void> => {
  const stopped = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const ends = [...accepted].map((connection) => {
    connection.close();
    return connection.ended;
  });
  await Promise.all([stopped, ...ends]);
};
