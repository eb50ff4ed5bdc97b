/**
 * What a parsed message keeps of the heap: an INVITE of 900 octets with the seven fields of a transaction layer
 * read, its text included. And what is left of it when it is dropped, or when only a value copied out is kept.
 *
 *   node --import tsx --conditions=@sipx/source packages/message/bench/heap.ts [--json]
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Message, parseMessage } from '@sipx/message';
import { inviteOf } from './messages.ts';

const MESSAGES = 10_000;
const SIZE = 900;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Heap and buffers, in octets a message, that `keep` makes each of thousands of messages leave behind. */
const retained = (keep: (message: Message) => unknown): { heap: number; buffers: number } => {
  const kept: unknown[] = Array.from({ length: MESSAGES }, () => undefined);
  collect();
  const before = process.memoryUsage();
  // A buffer of its own for each, as a socket gives it.
  for (let n = 0; n < MESSAGES; n += 1) kept[n] = keep(readSeven(parseMessage(inviteOf(n, SIZE))));
  collect();
  const after = process.memoryUsage();
  if (kept.length !== MESSAGES) throw new Error('nothing was kept');
  return {
    heap: (after.heapUsed - before.heapUsed) / MESSAGES,
    buffers: (after.arrayBuffers - before.arrayBuffers) / MESSAGES,
  };
};

const collect = (): void => {
  for (let n = 0; n < 4; n += 1) gc();
};

const readSeven = (message: Message): Message => {
  const seven = [
    message.type === 'request' ? message.method : message.status,
    message.via.branch,
    message.from.tag,
    message.to.tag,
    message.callId,
    message.cseq.sequence,
    message.contact?.uri.toString(),
  ];
  if (seven.length !== 7) throw new Error('seven fields');
  return message;
};

/** What an application, a dialog or a transaction table takes out of a message and keeps. */
const copies: Record<string, (message: Message) => unknown> = {
  method: (m) => m.type === 'request' && m.method,
  branch: (m) => m.via.branch,
  via: (m) => m.via,
  fromTag: (m) => m.from.tag,
  from: (m) => m.from,
  displayName: (m) => m.from.displayName,
  callId: (m) => m.callId,
  cseq: (m) => m.cseq,
  contact: (m) => m.contact,
  contactURI: (m) => m.contact?.uri,
  requestURI: (m) => m.type === 'request' && m.uri,
  subject: (m) => m.headers.get('Subject'),
  userAgent: (m) => m.headers.raw('User-Agent'),
  allow: (m) => m.headers.getAll('Allow'),
  contentType: (m) => m.headers.get('Content-Type'),
};

retained((message) => message);
const held = retained((message) => message);
const result = {
  size: SIZE,
  heap: Math.round(held.heap),
  buffers: Math.round(held.buffers),
  dropped: Math.round(retained(() => undefined).heap),
  copies: Object.fromEntries(
    Object.entries(copies).map(([name, copy]) => {
      const { heap, buffers } = retained(copy);
      return [name, Math.round(heap + buffers)];
    }),
  ),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(`held      ${result.heap} octets of heap, ${result.buffers} of buffers a message`);
  console.log(`dropped   ${result.dropped}`);
  for (const [name, octets] of Object.entries(result.copies)) {
    console.log(`${name.padEnd(12)} alone keeps ${octets}`);
  }
}
