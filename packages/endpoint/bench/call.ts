/**
 * A call as its called side sees it (INVITE, ACK, BYE; 100 bytes of answer) through a whole endpoint without sockets,
 * beside a responder that keeps nothing: the share of the stack in the work of a call.
 */
import type { Connection, Listener, Sink, Transport, TransportAddress } from '@sipx/contracts';
import { Endpoint, type IncomingRequest } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';
import { parseMessage, responseTo, serialize } from '@sipx/message';

const HERE: TransportAddress = { protocol: 'udp', host: '192.0.2.1', port: 5060 };
const PEER: TransportAddress = { protocol: 'udp', host: '192.0.2.2', port: 5060 };
const CALLS = 20_000;

/** A socket that counts what it is told to send. */
class Counter implements Transport {
  readonly protocol = 'udp';
  sent = 0;
  sink: Sink | undefined;
  readonly connection: Connection;

  constructor() {
    this.connection = {
      id: 'counter',
      protocol: 'udp',
      local: HERE,
      reliable: false,
      secure: false,
      send: () => {
        this.sent += 1;
        return true;
      },
      close: () => {},
    };
  }

  async listen(_: TransportAddress, sink: Sink): Promise<Listener> {
    this.sink = sink;
    return { address: HERE, close: async () => {} };
  }

  connect(): Promise<Connection> {
    return Promise.resolve({ ...this.connection, remote: PEER });
  }
}

const message = (method: string, call: number, cseq: number, tag: string): Uint8Array =>
  new TextEncoder().encode(
    `${method} sip:bob@192.0.2.1 SIP/2.0\r\n` +
      `Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK${method}${call};rport\r\n` +
      'Max-Forwards: 70\r\nFrom: "Alice" <sip:alice@192.0.2.2>;tag=a\r\n' +
      `To: <sip:bob@192.0.2.1>${tag}\r\nCall-ID: call-${call}@192.0.2.2\r\n` +
      `CSeq: ${cseq} ${method}\r\nContact: <sip:alice@192.0.2.2:5060>\r\nContent-Length: 0\r\n\r\n`,
  );

const messages: Uint8Array[] = [];
for (let call = 0; call < CALLS; call += 1) {
  messages.push(message('INVITE', call, 1, ''));
  messages.push(message('ACK', call, 1, ';tag=b'));
  messages.push(message('BYE', call, 2, ';tag=b'));
}

const stateless = (): number => {
  let sent = 0;
  for (const bytes of messages) {
    const request = parseMessage(bytes);
    if (request.type !== 'request' || request.method === 'ACK') continue;
    sent += serialize(responseTo(request, 200, { toTag: 'b' })).length > 0 ? 1 : 0;
  }
  return sent;
};

const stateful = async (): Promise<number> => {
  const socket = new Counter();
  const factory = Object.assign(() => socket, { protocol: 'udp' as const });
  const endpoint = new Endpoint({
    transports: [factory],
    listen: [HERE],
    limits: { transactions: 10 * CALLS },
  });
  endpoint.attach({
    chain: new HandlerChain(),
    takesRest: true,
    claims: () => false,
    receive: (incoming: IncomingRequest) => incoming.respond(200),
    acknowledge: () => {},
  });
  await endpoint.listen();
  for (const bytes of messages) socket.sink?.data(socket.connection, bytes, PEER);
  const { sent } = socket;
  await endpoint.close();
  return sent;
};

const rounds = 5;
const best = { stateless: Infinity, stateful: Infinity };
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries({ stateless, stateful })) {
    const before = process.cpuUsage();
    const sent = await run();
    const { user, system } = process.cpuUsage(before);
    if (sent !== 2 * CALLS) throw new Error(`${name} sent ${sent} responses, not ${2 * CALLS}`);
    best[name as keyof typeof best] = Math.min(
      best[name as keyof typeof best],
      (user + system) / CALLS,
    );
  }
}

const ratio = best.stateful / best.stateless;
console.log(`stateless responder  ${best.stateless.toFixed(2)} µs CPU a call`);
console.log(
  `endpoint             ${best.stateful.toFixed(2)} µs CPU a call, × ${ratio.toFixed(2)}`,
);
