import { isIP } from 'node:net';
import {
  type Credentials,
  isSipURI,
  type NameAddr,
  parseAddress,
  type SipURI,
  UsageError,
} from 'sipx';
import { readNameAddr, readURI } from './address.ts';
import { type ConfigFile, defaultConfigPath, readConfigFile } from './config-file.ts';
import { type Settings, settingNames, variableOf } from './settings.ts';

/** Who calls, and by which way. Everything may be missing: a call straight to an address needs no account. */
export interface Account {
  readonly address: NameAddr | undefined;
  readonly credentials: Credentials | undefined;
  readonly registrar: SipURI | undefined;
  readonly proxy: SipURI | undefined;
  readonly transport: 'udp' | 'tcp' | undefined;
  readonly listen: readonly string[];
  readonly mediaAddress: string | undefined;
  /** What its owner should know. */
  readonly warnings: readonly string[];
}

/** What the command line says of it. */
export interface AccountFlags extends Omit<Settings, 'password'> {
  readonly tcp?: boolean;
  readonly config?: string;
}

/**
 * Each setting from the first that has it: flag, environment, config file.
 * @throws UsageError SIPX_USAGE, SIPX_PARSE_URI, SIPX_PARSE_ADDRESS
 */
export const readAccount = (
  flags: AccountFlags,
  env: Readonly<Record<string, string | undefined>>,
): Account => {
  const named = flags.config ?? (env['SIPX_CONFIG'] || undefined);
  const path = named ?? defaultConfigPath(env);
  const file = readConfigFile(path, named !== undefined);
  const setting = settingFrom(flags, env, { path, file });

  const uri = setting('uri');
  const address = uri && readNameAddr(uri.text, uri.source);
  const user = address && isSipURI(address.uri) ? address.uri.user : undefined;
  const registrar = setting('registrar');
  const proxy = setting('proxy');
  return {
    address,
    credentials: credentialsOf(setting('username')?.text ?? user, setting('password')?.text),
    registrar: registrar && readURI(registrar.text, registrar.source),
    proxy: proxy && readURI(proxy.text, proxy.source),
    transport: flags.tcp ? 'tcp' : transportOf(setting('transport')),
    listen: listenOf(setting('listen')),
    mediaAddress: mediaAddressOf(setting('mediaAddress')),
    warnings: file.exposed ? [`others can read the password in ${path}: chmod 600 it`] : [],
  };
};

interface Found {
  readonly text: string;
  /** `--uri`, `SIPX_URI`, or where in which file: for errors. */
  readonly source: string;
}

const settingFrom =
  (
    flags: AccountFlags,
    env: Readonly<Record<string, string | undefined>>,
    { path, file }: { readonly path: string; readonly file: ConfigFile },
  ) =>
  (name: (typeof settingNames)[number]): Found | undefined => {
    const given = name === 'password' ? undefined : flags[name];
    if (given !== undefined) return { text: String(given), source: flagOf(name) };
    const variable = variableOf(name);
    const value = env[variable];
    if (value) return { text: value, source: variable };
    const written = file.settings[name];
    return written === undefined
      ? undefined
      : { text: String(written), source: `${name} in ${path}` };
  };

const flagOf = (name: string): string => `--${name.replaceAll(/[A-Z]/g, '-$&').toLowerCase()}`;

const credentialsOf = (
  username: string | undefined,
  password: string | undefined,
): Credentials | undefined => {
  if (password === undefined) return undefined;
  if (username !== undefined) return { username, password };
  throw new UsageError('SIPX_USAGE', 'a password without a user name', {
    expected: '--username, or an account with a name in --uri',
  });
};

const transportOf = (found: Found | undefined): 'udp' | 'tcp' | undefined => {
  const name = found?.text.toLowerCase();
  if (name === undefined || name === 'udp' || name === 'tcp') return name;
  throw new UsageError('SIPX_USAGE', `${found?.source} is no transport`, {
    expected: 'udp or tcp',
    got: JSON.stringify(found?.text),
  });
};

/** Several are separated by commas. */
const listenOf = (found: Found | undefined): readonly string[] => {
  const addresses = found?.text.split(',').map((at) => at.trim()) ?? [];
  for (const at of addresses) parseAddress(at);
  return addresses;
};

const mediaAddressOf = (found: Found | undefined): string | undefined => {
  if (!found || isIP(found.text) !== 0) return found?.text;
  throw new UsageError('SIPX_USAGE', `${found.source} is no address`, {
    expected: 'an IPv4 or IPv6 literal of this machine',
    got: JSON.stringify(found.text),
  });
};
