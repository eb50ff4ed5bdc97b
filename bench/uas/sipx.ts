import { SIPServer } from '@sipx/server';
import { ANSWER } from '../contender.ts';
import { protocol, serving } from './serve.ts';

const server = new SIPServer({ listen: [`${protocol}:127.0.0.1:0`] });
server.invite((context) => context.accept({ body: ANSWER.sdp }));
server.on('OPTIONS', () => 200);
const [address] = await server.listen();
if (address) serving(address.port);
