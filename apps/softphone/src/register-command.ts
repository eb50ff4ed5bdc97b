import { type Client, UsageError } from 'sipx';
import { ExitCode } from './exit-code.ts';
import { failureOf, oneLine } from './failure.ts';
import { openPhone, type Setup } from './phone.ts';
import type { Result } from './result.ts';
import { aborted, closeSoon, pause, unlessInterrupted } from './waiting.ts';

/** `softphone register`: stays registered for `duration` seconds, or until Ctrl-C, then takes it back. */
export const registerCommand = async (
  duration: number | undefined,
  setup: Setup,
): Promise<Result> => {
  const { account, terminal, signal } = setup;
  if (!account.address) {
    throw new UsageError('SIPX_USAGE', 'no account to register', {
      expected: '--uri sip:name@host, SIPX_URI or uri in the config file',
    });
  }
  const phone = openPhone(setup);
  try {
    const expires = await registerAndTell(phone, setup);
    await (duration === undefined ? aborted(signal) : pause(duration * 1000, signal));
    await unlessInterrupted(phone.unregister(), signal);
    terminal.say('unregistered');
    return {
      exit: ExitCode.OK,
      json: { ok: true, registered: String(phone.address.uri), expires },
    };
  } finally {
    await closeSoon(phone);
  }
};

/** @returns seconds granted; they are renewed until the phone closes */
export const registerAndTell = async (
  phone: Client,
  { terminal, signal }: Pick<Setup, 'terminal' | 'signal'>,
): Promise<number> => {
  const registration = await unlessInterrupted(phone.register(), signal);
  registration.on('failed', (error) => terminal.note(oneLine(failureOf(error))));
  const { expires } = registration;
  terminal.say(`registered ${phone.address.uri} for ${expires} s, renewed until the end`);
  return expires;
};
