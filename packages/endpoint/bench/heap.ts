/**
 * What a transaction keeps once it has had its final response, until its last timer ends: octets of heap and of
 * buffers, the response that answers repeats among them.
 *
 *   node --import tsx --conditions=@sipx/source packages/endpoint/bench/heap.ts [--count 20000] [--json]
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Endpoint } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';
import { parseMessage, Request, responseTo, serialize } from '@sipx/message';
import { HERE, listening, PEER, requestOf, SilentSocket } from './silent-socket.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
  },
});

const COUNT = Number(values.count);
/** Until every table has grown and every function is compiled. */
const WARM_UP = 2_000;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const reachable = (): number => {
  for (let n = 0; n < 4; n += 1) gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const kept = async (
  life: (stage: Stage, nth: number) => unknown,
  status = 200,
): Promise<number> => {
  const socket = new SilentSocket();
  const endpoint = await listening(socket, (incoming) => incoming.respond(status));
  const stage = { socket, endpoint };
  for (let nth = 0; nth < WARM_UP; nth += 1) await life(stage, nth);
  const before = reachable();
  for (let nth = WARM_UP; nth < WARM_UP + COUNT; nth += 1) await life(stage, nth);
  const octets = (reachable() - before) / COUNT;
  const { transactions } = endpoint.stateManager.gauges;
  if (transactions !== WARM_UP + COUNT) throw new Error(`${transactions} transactions live`);
  await endpoint.close();
  return Math.round(octets);
};

interface Stage {
  readonly socket: SilentSocket;
  readonly endpoint: Endpoint;
}

const OPTIONS = { chain: new HandlerChain(), cseq: () => 2 };

const received =
  (method: string) =>
  ({ socket }: Stage, nth: number): void =>
    socket.receive(requestOf(method, nth, 1, ''));

const sent =
  (method: string, status: number) =>
  async ({ socket, endpoint }: Stage, nth: number): Promise<void> => {
    socket.listener = (bytes) => {
      const request = parseMessage(bytes);
      if (request.type !== 'request' || request.method === 'ACK') return;
      socket.receive(serialize(responseTo(request, status, { toTag: 'b' })));
    };
    const headers = {
      From: `<sip:alice@${HERE.host}>;tag=a`,
      To: `<sip:bob@${PEER.host}>`,
      'Call-ID': `call-${nth}`,
      CSeq: `1 ${method}`,
    };
    const request = new Request({ method, uri: `sip:bob@${PEER.host}`, headers });
    await endpoint.request(request, OPTIONS);
  };

const lives = {
  'INVITE server, 200': await kept(received('INVITE')),
  'INVITE server, 486': await kept(received('INVITE'), 486),
  'non-INVITE server, 200': await kept(received('BYE')),
  'INVITE client, 200': await kept(sent('INVITE', 200)),
  'INVITE client, 486': await kept(sent('INVITE', 486)),
  'non-INVITE client, 200': await kept(sent('BYE', 200)),
};

if (values.json) console.log(JSON.stringify(lives));
else for (const [life, octets] of Object.entries(lives)) console.log(`${life.padEnd(24)}${octets}`);
