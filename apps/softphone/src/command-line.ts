import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { SIPXError } from 'sipx';
import { type AccountFlags, readAccount } from './account.ts';
import { callCommand } from './call-command.ts';
import type { Plan } from './conversation.ts';
import { demoCommand } from './demo/demo-command.ts';
import { ExitCode } from './exit-code.ts';
import { failureOf, oneLine } from './failure.ts';
import { type ListenOptions, listenCommand } from './listen-command.ts';
import type { Setup } from './phone.ts';
import { registerCommand } from './register-command.ts';
import type { Result } from './result.ts';
import type { Terminal } from './terminal.ts';

/** The world around a command, so that tests can be one. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs `softphone` with these arguments and resolves with its exit code; it never rejects. */
export const run = async (args: readonly string[], world: World): Promise<ExitCode> => {
  const { terminal, signal } = world;
  let asked: Asked | undefined;
  try {
    await programFor(world, (command) => {
      asked = command;
    }).parseAsync(args, { from: 'user' });
    if (!asked) return ExitCode.OK;
    const { exit, json } = await asked.work();
    if (asked.json) terminal.say(JSON.stringify(json));
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return told(error, args, terminal);
    const failure = failureOf(error);
    const exit = signal.aborted && error instanceof SIPXError ? ExitCode.INTERRUPTED : failure.exit;
    terminal.note(exit === ExitCode.INTERRUPTED ? 'interrupted' : oneLine(failure));
    const { code, message } = failure;
    if (asked?.json) terminal.say(JSON.stringify({ ok: false, code, error: message }));
    return exit;
  }
};

/** Commander has spoken already; a script that wants JSON has heard nothing yet. */
const told = (
  { exitCode, code }: CommanderError,
  args: readonly string[],
  terminal: Terminal,
): ExitCode => {
  if (exitCode === 0) return ExitCode.OK;
  if (args.includes('--json')) {
    terminal.say(JSON.stringify({ ok: false, code: 'SIPX_USAGE', error: code }));
  }
  return ExitCode.USAGE;
};

/** What the command line asks for, not begun. */
interface Asked {
  readonly json: boolean;
  readonly work: () => Promise<Result>;
}

interface CommonFlags {
  readonly trace?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

const programFor = (world: World, ask: (asked: Asked) => void): Command => {
  const program = new Command('softphone')
    .description('A SIP phone on the command line.')
    .addHelpText('after', HELP);
  const asked = (flags: CommonFlags, work: Asked['work']): void =>
    ask({ json: flags.json ?? false, work });
  const setup = (flags: CommonFlags & AccountFlags): Setup => {
    const account = readAccount(flags, world.env);
    for (const warning of account.warnings) world.terminal.note(warning);
    return { ...world, account, trace: flags.trace ?? false, verbose: flags.verbose ?? false };
  };

  withPlan(withAccount(program.command('call')))
    .description('call somebody')
    .argument('<uri>', 'sip:name@host, or a name of the account’s own domain')
    .action((uri: string, flags: CommonFlags & AccountFlags & Plan) =>
      asked(flags, async () => callCommand(uri, flags, setup(flags))),
    );
  withPlan(withAccount(program.command('listen')))
    .description('register, if there is an account, and answer calls until Ctrl-C')
    .option('--no-register', 'only listen')
    .action((flags: CommonFlags & AccountFlags & ListenOptions) =>
      asked(flags, async () => listenCommand(flags, setup(flags))),
    );
  withAccount(program.command('register'))
    .description('register, and unregister on Ctrl-C')
    .option('--duration <s>', 'unregister after so many seconds', seconds)
    .action((flags: CommonFlags & AccountFlags & Plan) =>
      asked(flags, async () => registerCommand(flags.duration, setup(flags))),
    );
  withCommon(program.command('demo'))
    .description('an embedded PBX, two phones and two calls, on this machine alone')
    .option('--once', 'end after the calls; exits 0 only if all of it held')
    .action((flags: CommonFlags & { readonly once?: boolean }) =>
      asked(flags, () =>
        demoCommand({ ...world, once: flags.once ?? false, trace: flags.trace ?? false }),
      ),
    );

  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => world.terminal.say(text.trimEnd()),
      writeErr: (text) => world.terminal.note(text.trimEnd()),
      outputError: (text, write) => write(usageError(text)),
    });
  }
  return program;
};

const withCommon = (command: Command): Command =>
  command
    .option('--trace', 'every message on the wire, on stderr; credentials are left out')
    .option('--json', 'one JSON object as the last line of stdout');

const withAccount = (command: Command): Command =>
  withCommon(command)
    .option('--verbose', 'the log of the stack, on stderr')
    .option('--uri <uri>', 'your address: sip:name@host')
    .option('--username <name>', 'to log in with; the name in --uri when not given')
    .option('--registrar <uri>', 'where to register; the host of --uri when not given')
    .option('--proxy <uri>', 'goes first, whoever is called')
    .addOption(new Option('--transport <name>', 'udp (default) or tcp').choices(['udp', 'tcp']))
    .addOption(new Option('--tcp', 'short for --transport tcp').conflicts('transport'))
    .option('--listen <address>', 'where to bind: udp:0.0.0.0:5060; several with commas')
    .option('--media-address <ip>', 'where sound comes in; the way to the peer decides')
    .option('--config <file>', 'a JSON file with an account');

const withPlan = (command: Command): Command =>
  command
    .option('--play <file.wav>', 'what to say')
    .option('--record <file.wav>', 'where to keep what is heard')
    .option('--dtmf <digits>', 'keys to press', digits)
    .option('--duration <s>', 'hang up after so many seconds', seconds);

const HELP = `
An account is read from flags, then from the environment (SIPX_URI, SIPX_USERNAME, SIPX_PASSWORD, SIPX_REGISTRAR,
SIPX_PROXY, SIPX_TRANSPORT, SIPX_LISTEN, SIPX_MEDIA_ADDRESS, SIPX_CONFIG), then from a config file.
A password comes from SIPX_PASSWORD or the config file; there is no flag for it.`;

const seconds = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Give seconds, as in 2.5.');
};

const digits = (text: string): string => {
  if (/^[0-9*#A-D]+$/i.test(text)) return text;
  throw new InvalidArgumentError('Give 0-9, *, #, A-D.');
};

/** One line, and no value of a flag that is none: it may be a password. */
const usageError = (text: string): string => {
  const line = text
    .trimEnd()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/^error: /, '');
  const flag = /^unknown option '(--?[\w-]+)/.exec(line)?.[1];
  if (!flag) return `SIPX_USAGE: ${line}`;
  const advice = /pass|secret|pw/i.test(flag)
    ? 'Set SIPX_PASSWORD or write the password into the config file'
    : 'See softphone --help';
  return `SIPX_USAGE: unknown option ${flag}. ${advice}`;
};
