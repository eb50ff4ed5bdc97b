import { relative } from 'node:path';
import { rtp, tone } from '@sipx/media';
import { parseMessage, type WireEvent } from 'sipx';
import { failureOf, oneLine } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { BOB_HZ } from './call-to-bob.ts';
import { colourOf, labelOf } from './ladder.ts';
import type { Parties } from './parties.ts';
import type { Pbx } from './pbx.ts';

/** After the demonstration: bob answers whoever calls, other phones are told how to come in, and are watched. */
export const openHouse = ({ pbx, bob, wire }: Parties, terminal: Terminal): void => {
  // It would grow for as long as the PBX stays.
  wire.close();
  bob.on('invite', async (call) => {
    const media = rtp({ address: pbx.host });
    try {
      await call.ring();
      await call.accept({ media });
      await media.play(tone(BOB_HZ));
    } catch (error) {
      terminal.note(oneLine(failureOf(error)));
      await media.close();
    }
  });
  for (const line of invitation(pbx)) terminal.say(line);
  pbx.endpoint.on('wire', (event) => terminal.say(glimpse(event, terminal)));
};

const invitation = (pbx: Pbx): string[] => {
  const { host, port, users } = pbx;
  return [
    '',
    'The PBX stays up; Ctrl-C ends it. Register any phone on this machine, over UDP or TCP:',
    `  server    ${host}:${port} (the domain is ${host}; no proxy is needed)`,
    `  user      carol   password  ${users.carol}`,
    `  user      dave    password  ${users.dave}`,
    `  then call bob (a tone), echo (your own voice) or music (a tune), such as sip:echo@${host}:${port}`,
    'With this softphone, in another terminal:',
    `  ${withPassword(users.carol)} ${program()} listen --uri ${pbx.uriOf('carol')}`,
    `  ${withPassword(users.dave)} ${program()} call carol --uri ${pbx.uriOf('dave')} --dtmf 1234#`,
    '',
  ];
};

const withPassword = (password: string): string =>
  process.platform === 'win32' ? `$env:SIPX_PASSWORD='${password}';` : `SIPX_PASSWORD=${password}`;

const program = (): string => `node ${relative(process.cwd(), process.argv[1] ?? 'softphone')}`;

/** One line for each message that passes the PBX. */
const glimpse = (
  { bytes, direction, remote, protocol }: WireEvent,
  { paint }: Terminal,
): string => {
  const arrow = direction === 'in' ? '→ pbx' : '← pbx';
  const peer = `${protocol} ${remote.host}:${remote.port}`.padEnd(24);
  try {
    const message = parseMessage(bytes);
    return `${peer}${arrow}  ${paint(colourOf(message), labelOf(message))}`;
  } catch {
    return `${peer}${arrow}  ?`;
  }
};
