import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Pauses } from '../uas/serve.ts';
import { started, stopped } from './children.ts';
import { type Case, CORES, type Protocol } from './load.ts';
import { sippServer } from './sipp.ts';

/** A called side that is up. */
interface Server {
  readonly pid: number;
  readonly port: number;
  /** From now on its pauses count. */
  begin(): void;
  /** Of the event loop, where it has one. */
  pauses(): Promise<Pauses | undefined>;
  stop(): Promise<void>;
}

export interface Contestant {
  readonly name: string;
  readonly title: string;
  start(what: Case): Promise<Server>;
}

/** Those that are here. */
export const contestants = (): readonly Contestant[] => {
  const all = [
    inNode('sipx', 'sipx: SIPServer, dialogs, Calls'),
    ...(hasModule('sip') ? [inNode('sip', 'sip: transactions')] : []),
    { name: 'sipp', title: "SIPp's own UAS (C++)", start: startSIPp },
    inNode('stateless', 'no stack: the driver’s headroom'),
  ];
  if (!hasModule('sip')) console.error('sip: not installed, left out');
  return all;
};

const hasModule = (name: string): boolean => {
  try {
    return createRequire(import.meta.url).resolve(name) !== '';
  } catch {
    return false;
  }
};

const inNode = (name: string, title: string): Contestant => ({
  name,
  title,
  async start({ protocol }) {
    const file = fileURLToPath(new URL(`../dist/uas/${name}.js`, import.meta.url));
    const child = started(
      CORES.server,
      [process.execPath, file, protocol],
      ['ignore', 'ignore', 'inherit', 'ipc'],
    );
    const { port } = await told<{ port: number }>(child, name);
    return {
      ...running(child, name),
      port,
      begin: () => void child.send('begin'),
      pauses() {
        child.send('report');
        return told<Pauses>(child, name);
      },
    };
  },
});

const startSIPp = async (what: Case): Promise<Server> => {
  const command = await sippServer(what);
  const port = Number(command[command.indexOf('-p') + 1]);
  const child = started(CORES.server, command, 'ignore');
  for (let tries = 0; !isBound(what.protocol, port); tries += 1) {
    if (tries > 250 || child.exitCode !== null) throw new Error('SIPp did not bind its port');
    await after(20);
  }
  return { ...running(child, 'sipp'), port, begin() {}, pauses: async () => undefined };
};

const running = (child: ChildProcess, name: string): Pick<Server, 'pid' | 'stop'> => {
  if (child.pid === undefined) throw new Error(`${name} did not start`);
  return { pid: child.pid, stop: () => stopped(child) };
};

const told = async <Message>(child: ChildProcess, name: string): Promise<Message> => {
  const gone = once(child, 'exit').then(() => Promise.reject(new Error(`${name} has ended`)));
  const [message] = (await Promise.race([once(child, 'message'), gone])) as [Message];
  return message;
};

const isBound = (protocol: Protocol, port: number): boolean => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(`/proc/net/${protocol}`, 'latin1').includes(`0100007F:${hex} 00000000:0000`);
};
