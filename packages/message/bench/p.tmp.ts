import { parseMessage, type Message } from '@sipx/message';
import { messages } from './messages.ts';
const f = (m: Message) => [
  m.type,
  m.via.branch,
  m.from.tag,
  m.to.tag,
  m.callId,
  m.cseq.sequence,
  String(m.contact?.uri ?? ''),
];
let s = 0;
const all = [...messages.values()].flat();
for (let i = 0; i < 4000; i++) for (const b of all) s += f(parseMessage(b)).length;
