/**
 * Messages a second out of a pipelined stream, in reads of several sizes, beside what most programs do:
 * gather text, split it at the empty line, search the head for the length. Run with
 * `node --conditions=@sipx/source --import tsx packages/transport/bench/stream-framer.ts`.
 */
import { StreamFramer } from '@sipx/transport';

const body = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const message = [
  'INVITE sip:bob@example.com SIP/2.0',
  'Via: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK776asdhds;rport',
  'Max-Forwards: 70',
  'From: "Alice" <sip:alice@example.com>;tag=1928301774',
  'To: "Bob" <sip:bob@example.com>',
  'Call-ID: a84b4c76e66710@192.0.2.1',
  'CSeq: 314159 INVITE',
  'Contact: <sip:alice@192.0.2.1:5060;transport=tcp>',
  'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, PRACK',
  'Content-Type: application/sdp',
  `Content-Length: ${body.length}`,
  '',
  body,
].join('\r\n');

const MESSAGES = 20_000;
const stream = Buffer.from(message.repeat(MESSAGES));

const reads = (size: number): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
  return chunks;
};

const framer = (chunks: Uint8Array[]): number => {
  let messages = 0;
  const subject = new StreamFramer({
    message() {
      messages += 1;
    },
    failed(error) {
      throw error;
    },
  });
  for (const chunk of chunks) subject.push(chunk);
  return messages;
};

const splitOnMarker = (chunks: Uint8Array[]): number => {
  let messages = 0;
  let text = '';
  for (const chunk of chunks) {
    text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    for (;;) {
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) break;
      const length = Number(/\r\ncontent-length\s*:\s*(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
      if (text.length < end + 4 + length) break;
      Buffer.from(text.slice(0, end + 4 + length), 'latin1');
      text = text.slice(end + 4 + length);
      messages += 1;
    }
  }
  return messages;
};

/** The best of several runs, in CPU time: a busy machine disturbs it least. */
const measure = (run: (chunks: Uint8Array[]) => number, chunks: Uint8Array[]): number => {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 25; i += 1) {
    const started = process.cpuUsage();
    if (run(chunks) !== MESSAGES) throw new RangeError('messages were lost');
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, (user + system) / MESSAGES);
  }
  return best;
};

for (const size of [65_536, 1460, 100]) {
  const chunks = reads(size);
  const [ours, theirs] = [measure(framer, chunks), measure(splitOnMarker, chunks)];
  console.log(
    `reads of ${String(size).padStart(6)} B: framer ${ours.toFixed(2)} µs a message of ` +
      `${message.length} B, split on marker ${theirs.toFixed(2)} µs (${(theirs / ours).toFixed(1)}×)`,
  );
}
