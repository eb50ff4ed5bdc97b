import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import {
  type ErrorCode,
  formatAddress,
  type Logger,
  NetworkError,
  type SIPXError,
  type TransportAddress,
  type TransportConfig,
} from '@sipx/contracts';

/** Garbage collection can stop the process for 60 ms, which is thousands of datagrams. */
const BUFFER = 4 * 1024 * 1024;

/** A bound `node:dgram` socket that speaks in transport addresses and coded errors. */
export class DatagramSocket {
  readonly maxBacklog: number;
  readonly #socket: Socket;
  readonly #isConnected: boolean;
  readonly #isIPv6: boolean;

  constructor(socket: Socket, options: TransportConfig, isConnected: boolean) {
    this.#socket = socket;
    this.#isConnected = isConnected;
    this.#isIPv6 = socket.address().family === 'IPv6';
    this.maxBacklog = options.maxBacklog ?? 1_048_576;
  }

  get host(): string {
    return unmapped(this.#socket.address().address);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Bytes that the system has not taken yet. */
  get backlog(): number {
    return this.#socket.getSendQueueSize();
  }

  attach(
    receive: (bytes: Uint8Array, from: TransportAddress) => void,
    fail: (error: SIPXError) => void,
  ): void {
    this.#socket.on('message', (bytes, { address, port }) =>
      receive(bytes, { protocol: 'udp', host: unmapped(address), port }),
    );
    // The socket lives on: this is an ICMP message about something that was sent.
    this.#socket.on('error', (error) => fail(sendError(error)));
  }

  /** `done` comes later, never from within. */
  send(
    bytes: Uint8Array,
    { host, port }: TransportAddress,
    done: (error?: SIPXError) => void,
  ): void {
    const told = (error: Error | null): void => done(error ? sendError(error) : undefined);
    try {
      if (this.#isConnected) this.#socket.send(bytes, told);
      else this.#socket.send(bytes, port, this.#isIPv6 ? mapped(host) : host, told);
    } catch (error) {
      // A port of 0, and other things that dgram refuses before it tries.
      queueMicrotask(() => done(sendError(error)));
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}

export const bindSocket = (
  at: TransportAddress,
  options: TransportConfig,
  logger: Logger,
): Promise<DatagramSocket> => {
  const open = (socket: Socket, done: (error?: Error) => void): void => {
    socket.bind({ address: at.host, port: at.port }, done);
  };
  return opened(at, 'SIPX_TRANSPORT_BIND', open).then((socket) => {
    askBuffers(socket, options, logger);
    return new DatagramSocket(socket, options, false);
  });
};

/** A socket that hears this peer alone, and of it through ICMP. */
export const connectSocket = (
  to: TransportAddress,
  options: TransportConfig,
  logger: Logger,
): Promise<DatagramSocket> =>
  opened(to, 'SIPX_TRANSPORT_CONNECT', connecting(to)).then((socket) => {
    askBuffers(socket, options, logger);
    return new DatagramSocket(socket, options, true);
  });

/** The address that this peer sees us send from: the system's routes are asked, nothing is sent. */
export const hostTowards = (to: TransportAddress): Promise<string> =>
  opened(to, 'SIPX_TRANSPORT_CONNECT', connecting(to)).then((socket) => {
    const { address } = socket.address();
    socket.close();
    return unmapped(address);
  });

const connecting =
  ({ host, port }: TransportAddress) =>
  (socket: Socket, done: (error?: Error) => void): void => {
    socket.connect(port, host, done);
  };

const opened = (
  address: TransportAddress,
  code: ErrorCode,
  open: (socket: Socket, done: (error?: Error) => void) => void,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const family = isIPv4(address.host) ? 4 : 6;
    const socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      // Hosts are literals: without this, dgram asks the system's resolver for each datagram.
      lookup: (host, _options, done) => done(null, host, family),
    });
    const fail = (cause: unknown): void => {
      socket.close();
      const got = formatAddress(address);
      reject(new NetworkError(code, `the socket did not open: ${reason(cause)}`, { got, cause }));
    };
    socket.once('error', fail);
    const done = (error?: Error): void => {
      socket.off('error', fail);
      if (error) fail(error);
      else resolve(socket);
    };
    try {
      open(socket, done);
    } catch (cause) {
      socket.off('error', fail);
      fail(cause);
    }
  });

const askBuffers = (socket: Socket, options: TransportConfig, logger: Logger): void => {
  const { receiveBuffer = BUFFER, sendBuffer = BUFFER } = options;
  try {
    socket.setRecvBufferSize(receiveBuffer);
    socket.setSendBufferSize(sendBuffer);
  } catch (error) {
    // Some systems refuse what is over their bound, where others grant the bound.
    logger.debug({ receiveBuffer, sendBuffer, reason: reason(error) }, 'socket buffers refused');
  }
  // Linux tells twice what it granted, its own bookkeeping included.
  const grantedReceive = socket.getRecvBufferSize();
  const grantedSend = socket.getSendBufferSize();
  logger.debug(
    { receiveBuffer, grantedReceive, sendBuffer, grantedSend },
    grantedReceive < receiveBuffer
      ? 'the system grants a smaller receive buffer: bursts can be lost (Linux: net.core.rmem_max)'
      : 'socket buffers',
  );
};

const sendError = (cause: unknown): SIPXError => {
  const got = reason(cause);
  return got === 'EMSGSIZE'
    ? new NetworkError('SIPX_LIMIT_DATAGRAM', 'too large for this network', { got, cause })
    : new NetworkError('SIPX_TRANSPORT_SEND', 'a datagram did not go out', { got, cause });
};

const reason = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** IPv4 over a socket of both families, as people write it (RFC 4291 2.5.5.2). */
const unmapped = (host: string): string =>
  host.startsWith('::ffff:') && host.includes('.') ? host.slice(7) : host;

const mapped = (host: string): string => (isIPv4(host) ? `::ffff:${host}` : host);
