import { isIP } from 'node:net';
import { parse } from 'node:path';
import { type Call, type Client, hostPort, isSipURI } from 'sipx';
import { forJson, told } from './call-command.ts';
import { type Plan, Talk } from './conversation.ts';
import { ExitCode } from './exit-code.ts';
import { failureOf, oneLine } from './failure.ts';
import { openMedia, openPhone, type Setup } from './phone.ts';
import { printable } from './printable.ts';
import { registerAndTell } from './register-command.ts';
import type { Result } from './result.ts';
import { aborted, closeSoon } from './waiting.ts';

export interface ListenOptions extends Plan {
  /** False: an account is there, but calls come straight to the address that is listened on. */
  readonly register: boolean;
}

/** Where a caller looks who knows no port. */
const WELL_KNOWN = ['udp:0.0.0.0:5060', 'tcp:0.0.0.0:5060'];

/** `softphone listen`: answers calls, one at a time, until Ctrl-C. */
export const listenCommand = async (options: ListenOptions, setup: Setup): Promise<Result> => {
  const { account, terminal, signal } = setup;
  const registers = options.register && account.address !== undefined;
  const phone = openPhone(setup, registers ? [] : WELL_KNOWN);
  const answering = new Answering(phone, options, setup);
  try {
    await phone.listen();
    if (registers) await registerAndTell(phone, setup);
    for (const { protocol, host, port } of phone.endpoint.addresses) {
      terminal.say(`listening on ${protocol} ${hostPort(host, port)}; Ctrl-C ends it`);
    }
    await aborted(signal);
    await answering.current;
    return { exit: ExitCode.OK, json: { ok: true, registered: registers, calls: answering.calls } };
  } finally {
    await closeSoon(phone);
  }
};

class Answering {
  readonly calls: object[] = [];
  /** The call that is being held. */
  current: Promise<void> | undefined;

  readonly #plan: Plan;
  readonly #setup: Setup;

  constructor(phone: Client, plan: Plan, setup: Setup) {
    this.#plan = plan;
    this.#setup = setup;
    phone.on('invite', (call) => this.#called(call));
  }

  async #called(call: Call): Promise<void> {
    if (this.current) return call.reject(486);
    this.current = this.#answer(call);
    await this.current;
    this.current = undefined;
  }

  async #answer(call: Call): Promise<void> {
    const { account, terminal, signal } = this.#setup;
    const from = printable(String(call.remote.uri));
    try {
      terminal.say(`${from} calls`);
      await call.ring();
      const media = await openMedia(account, hostBehind(call));
      media.on('dtmf', (digit) => terminal.say(`digit ${digit}`));
      const talk = await Talk.prepare(media, this.#planOfNext());
      await call.accept({ media });
      await call.answered();
      const conversation = await talk.hold(call, signal);
      terminal.say(told(conversation));
      this.calls.push({ from, ...forJson(conversation) });
    } catch (error) {
      const failure = failureOf(error);
      terminal.note(oneLine(failure));
      this.calls.push({ from, code: failure.code });
      if (!call.end) await call.bye();
    }
  }

  /** A second call does not overwrite the first one's recording. */
  #planOfNext(): Plan {
    const { record, ...plan } = this.#plan;
    if (record === undefined || this.calls.length === 0) return this.#plan;
    const { dir, name, ext } = parse(record);
    return { ...plan, record: `${dir && `${dir}/`}${name}-${this.calls.length + 1}${ext}` };
  }
}

/** Whose way the answer takes: media mostly comes from near there. No name of a stranger's choice is looked up. */
const hostBehind = ({ invite }: Call): string | undefined => {
  const { via, contact } = invite;
  const uri = contact?.uri;
  const hosts = [uri && isSipURI(uri) ? uri.host : undefined, via.received, via.host];
  return hosts.find((host) => host !== undefined && isIP(host) !== 0);
};
