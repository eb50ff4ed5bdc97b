/**
 * A call as its called side sees it (INVITE, ACK, BYE; 100 bytes of answer) through a whole endpoint without sockets,
 * beside a responder that keeps nothing: the share of the stack in the work of a call.
 */
import { parseMessage, responseTo, serialize } from '@sipx/message';
import { listening, requestOf, SilentSocket } from './silent-socket.ts';

const CALLS = 20_000;

const messages: Uint8Array[] = [];
for (let call = 0; call < CALLS; call += 1) {
  messages.push(requestOf('INVITE', call, 1, ''));
  messages.push(requestOf('ACK', call, 1, ';tag=b'));
  messages.push(requestOf('BYE', call, 2, ';tag=b'));
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

const socket = new SilentSocket();
let endpoint = await listening(socket, (incoming) => incoming.respond(200));

const stateful = (): number => {
  socket.sent = 0;
  for (const bytes of messages) socket.receive(bytes);
  return socket.sent;
};

const rounds = 5;
const best = { stateless: Infinity, stateful: Infinity };
for (let round = 0; round < rounds; round += 1) {
  for (const [name, run] of Object.entries({ stateless, stateful })) {
    const before = process.cpuUsage();
    const sent = run();
    const { user, system } = process.cpuUsage(before);
    // What a round leaves is not the next one's; to end so many transactions at once is nobody's call.
    if (run === stateful) {
      await endpoint.close();
      endpoint = await listening(socket, (incoming) => incoming.respond(200));
    }
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
