import { createRequire } from 'node:module';
import { freePort } from '../calls/free-port.ts';
import { ANSWER } from '../contender.ts';
import { protocol, serving } from './serve.ts';

interface Message {
  readonly method?: string;
  readonly headers: Record<string, unknown> & { readonly to: { params: Record<string, string> } };
  content?: string;
}

const require = createRequire(import.meta.url);
const sip = require('sip') as {
  start(options: object, receive: (request: Message) => void): void;
  makeResponse(request: Message, status: number, reason: string): Message;
  send(message: Message): void;
};

const port = await freePort(protocol);
const contact = [{ uri: `sip:bench@127.0.0.1:${port};transport=${protocol}` }];
let tags = 0;

sip.start(
  { address: '127.0.0.1', port, udp: protocol === 'udp', tcp: protocol === 'tcp' },
  (request) => {
    if (request.method === 'ACK') return;
    const response = sip.makeResponse(request, 200, 'OK');
    response.headers.to.params['tag'] ??= String((tags += 1));
    if (request.method === 'INVITE') {
      response.headers['contact'] = contact;
      response.headers['content-type'] = 'application/sdp';
      response.content = ANSWER.sdp;
    }
    sip.send(response);
  },
);
serving(port);
