/**
 * Parsing and writing beside the floor: what plain JavaScript needs to decode the head and cut the same seven
 * fields out of it, unchecked. Interleaved in one run, medians, results compared.
 *
 *   node --import tsx --conditions=@sipx/source packages/message/bench/parse.ts [--json]
 */
import { type Message, parseMessage, responseTo, serialize } from '@sipx/message';
import { messages } from './messages.ts';

type Fields = readonly [string, string, string, string, string, string, string];

const sipxFields = (message: Message): Fields => [
  message.type === 'request' ? message.method : String(message.status),
  message.via.branch ?? '',
  message.from.tag ?? '',
  message.to.tag ?? '',
  message.callId,
  String(message.cseq.sequence),
  message.contact?.uri.toString() ?? '',
];

const floorFields = (bytes: Buffer): Fields => {
  const text = bytes.toString('latin1');
  const space = text.indexOf(' ');
  const first = text.slice(0, space);
  const cseq = line(text, '\r\nCSeq: ');
  const contact = line(text, '\r\nContact: ');
  return [
    first === 'SIP/2.0' ? text.slice(8, 11) : first,
    param(line(text, '\r\nVia: '), ';branch='),
    param(line(text, '\r\nFrom: '), ';tag='),
    param(line(text, '\r\nTo: '), ';tag='),
    line(text, '\r\nCall-ID: '),
    cseq.slice(0, cseq.indexOf(' ')),
    contact.slice(contact.indexOf('<') + 1, contact.indexOf('>')),
  ];
};

// Not within: the loader that runs this names each closure anew, which takes longer than all that they do.
const line = (text: string, mark: string): string => {
  const at = text.indexOf(mark) + mark.length;
  return text.slice(at, text.indexOf('\r\n', at));
};

const param = (value: string, mark: string): string => {
  const at = value.indexOf(mark);
  if (at < 0) return '';
  const end = value.indexOf(';', at + 1);
  return value.slice(at + mark.length, end < 0 ? value.length : end);
};

const deep = (message: Message): number => {
  let parts = 0;
  for (const name of ['Via', 'From', 'To', 'Contact', 'Route', 'Record-Route'] as const) {
    for (const value of message.headers.getAll(name)) {
      parts += value.params.size;
      if ('uri' in value) parts += String(value.uri).length;
    }
  }
  return parts + message.cseq.sequence + (message.headers.get('Content-Type')?.type.length ?? 0);
};

const mix: Buffer[] = [];
for (let n = 0; n < 64; n += 1) for (const all of messages.values()) mix.push(all[n] as Buffer);
for (const bytes of mix) {
  const [ours, theirs] = [sipxFields(parseMessage(bytes)).join(), floorFields(bytes).join()];
  if (ours !== theirs) throw new Error(`${ours} is not ${theirs}`);
}

const invites = (messages.get('INVITE') ?? []).map((bytes) => parseMessage(bytes));
const sdp =
  'v=0\r\no=bob 1 1 IN IP4 192.0.2.44\r\ns=-\r\nc=IN IP4 192.0.2.44\r\nt=0 0\r\nm=audio 3456 RTP/AVP 0\r\n';
const extra = { Contact: '<sip:bob@192.0.2.44:5060>', 'Content-Type': 'application/sdp' };
let sink = 0;

const tasks: Record<string, () => void> = {
  floor: () => mix.forEach((bytes) => (sink += floorFields(bytes)[1].length)),
  parse: () => mix.forEach((bytes) => (sink += parseMessage(bytes).headers.size)),
  fields: () => mix.forEach((bytes) => (sink += sipxFields(parseMessage(bytes))[1].length)),
  deep: () => mix.forEach((bytes) => (sink += deep(parseMessage(bytes)))),
  serializeInvite: () => invites.forEach((message) => (sink += serialize(message).length)),
  build200: () =>
    invites.forEach((message) => {
      if (message.type !== 'request') return;
      const response = responseTo(message, 200, { toTag: 'abc', headers: extra, body: sdp });
      sink += serialize(response).length;
    }),
};
const perRound: Record<string, number> = {
  serializeInvite: invites.length,
  build200: invites.length,
};

const ROUNDS = 60;
const INNER = 20;
const times = new Map<string, number[]>(Object.keys(tasks).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, task] of Object.entries(tasks)) {
    const start = process.cpuUsage();
    for (let n = 0; n < INNER; n += 1) task();
    // CPU time: the machine may have other work.
    const spent = process.cpuUsage(start).user;
    // The first third warms up.
    if (round >= ROUNDS / 3) times.get(name)?.push(spent / INNER / (perRound[name] ?? mix.length));
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
const result = Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
const floor = result['floor'] ?? 1;
for (const [name, value] of Object.entries(result)) {
  console.log(`${name.padEnd(16)} ${value.toFixed(3)} µs   ${(value / floor).toFixed(2)} × floor`);
}
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
if (sink === 0) console.log('nothing was measured');
