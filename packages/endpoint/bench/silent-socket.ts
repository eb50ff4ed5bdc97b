import type { Connection, Listener, Sink, Transport, TransportAddress } from '@sipx/contracts';
import { Endpoint, type EndpointOptions, type Owner } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';

export const HERE: TransportAddress = { protocol: 'udp', host: '192.0.2.1', port: 5060 };
export const PEER: TransportAddress = { protocol: 'udp', host: '192.0.2.2', port: 5060 };

/** A socket that counts what it is told to send, and hands it to whoever listens. */
export class SilentSocket implements Transport {
  readonly protocol = 'udp';
  sent = 0;
  listener: (bytes: Uint8Array) => void = () => {};
  readonly connection: Connection;
  #sink: Sink | undefined;

  constructor() {
    this.connection = {
      id: 'silent',
      protocol: 'udp',
      local: HERE,
      reliable: false,
      secure: false,
      send: (bytes) => {
        this.sent += 1;
        this.listener(bytes);
        return true;
      },
      close: () => {},
    };
  }

  async listen(_: TransportAddress, sink: Sink): Promise<Listener> {
    this.#sink = sink;
    return { address: HERE, close: async () => {} };
  }

  connect(): Promise<Connection> {
    return Promise.resolve({ ...this.connection, remote: PEER });
  }

  receive(bytes: Uint8Array): void {
    this.#sink?.data(this.connection, bytes, PEER);
  }
}

/** An endpoint on such a socket, whose one owner takes every request. */
export const listening = async (
  socket: SilentSocket,
  receive: Owner['receive'],
  options: EndpointOptions = {},
): Promise<Endpoint> => {
  const endpoint = new Endpoint({
    transports: [Object.assign(() => socket, { protocol: 'udp' as const })],
    listen: [HERE],
    limits: { transactions: 1_000_000 },
    ...options,
  });
  endpoint.attach({
    chain: new HandlerChain(),
    takesRest: true,
    claims: () => false,
    receive,
    acknowledge: () => {},
  });
  await endpoint.listen();
  return endpoint;
};

/** A request of the peer, number `call`, 380 octets. */
export const requestOf = (method: string, call: number, cseq: number, tag: string): Uint8Array =>
  new TextEncoder().encode(
    `${method} sip:bob@192.0.2.1 SIP/2.0\r\n` +
      `Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK${method}${call};rport\r\n` +
      'Max-Forwards: 70\r\nFrom: "Alice" <sip:alice@192.0.2.2>;tag=a\r\n' +
      `To: <sip:bob@192.0.2.1>${tag}\r\nCall-ID: call-${call}@192.0.2.2\r\n` +
      `CSeq: ${cseq} ${method}\r\nContact: <sip:alice@192.0.2.2:5060>\r\nContent-Length: 0\r\n\r\n`,
  );
