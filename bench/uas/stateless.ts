/** No SIP stack: each request's own lines are sent back. What the driver can do shows best against it. */
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { ANSWER } from '../contender.ts';
import { protocol, serving } from './serve.ts';

const COPIED = /^(?:Via|From|Call-ID|CSeq):/;

const answerTo = (head: string, port: number): string => {
  const [start = '', ...lines] = head.split('\r\n');
  if (start.startsWith('ACK ')) return '';
  let answer = 'SIP/2.0 200 OK\r\n';
  for (const line of lines) {
    if (COPIED.test(line)) answer += `${line}\r\n`;
    else if (line.startsWith('To:'))
      answer += line.includes(';tag=') ? `${line}\r\n` : `${line};tag=bench\r\n`;
  }
  if (!start.startsWith('INVITE ')) return `${answer}Content-Length: 0\r\n\r\n`;
  answer += `Contact: <sip:bench@127.0.0.1:${port};transport=${protocol}>\r\n`;
  answer += 'Content-Type: application/sdp\r\n';
  return `${answer}Content-Length: ${ANSWER.sdp.length}\r\n\r\n${ANSWER.sdp}`;
};

const datagrams = (): void => {
  const socket = createSocket({ type: 'udp4', lookup: (host, _, done) => done(null, host, 4) });
  socket.on('message', (bytes, { address, port }) => {
    const text = bytes.toString('latin1');
    const answer = answerTo(text.slice(0, text.indexOf('\r\n\r\n')), socket.address().port);
    if (answer) socket.send(Buffer.from(answer, 'latin1'), port, address);
  });
  socket.bind(0, '127.0.0.1', () => {
    socket.setRecvBufferSize(4 * 1024 * 1024);
    serving(socket.address().port);
  });
};

const streams = (): void => {
  const accepted = (socket: Socket, port: number): void => {
    let rest = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1');
      let answers = '';
      for (;;) {
        const end = rest.indexOf('\r\n\r\n') + 4;
        if (end < 4) break;
        const head = rest.slice(0, end - 4);
        const whole = end + Number(/^Content-Length: *(\d+)/m.exec(head)?.[1] ?? 0);
        if (rest.length < whole) break;
        answers += answerTo(head, port);
        rest = rest.slice(whole);
      }
      if (answers) socket.write(answers, 'latin1');
    });
  };
  const server = createServer((socket) => accepted(socket, portOf(server.address())));
  server.listen(0, '127.0.0.1', () => serving(portOf(server.address())));
};

const portOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): number =>
  typeof address === 'object' && address ? address.port : 0;

if (protocol === 'tcp') streams();
else datagrams();
