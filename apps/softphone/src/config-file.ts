import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from 'sipx';
import { type Settings, settingNames } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `sipx/softphone.json` in the user's config folder: APPDATA, XDG_CONFIG_HOME or ~/.config. */
export const defaultConfigPath = (env: Environment): string => {
  const { APPDATA: roaming, XDG_CONFIG_HOME: xdg } = env;
  const folder =
    process.platform === 'win32' && roaming ? roaming : xdg || join(homedir(), '.config');
  return join(folder, 'sipx', 'softphone.json');
};

export interface ConfigFile {
  readonly settings: Settings;
  /** Others can read the password in it. */
  readonly exposed: boolean;
}

/**
 * A JSON object of settings. @param required a file that somebody named has to be there
 * @throws UsageError SIPX_USAGE; never with the file's text, which may hold a password
 */
export const readConfigFile = (path: string, required: boolean): ConfigFile => {
  let text: string;
  let mode: number;
  try {
    text = readFileSync(path, 'utf8');
    ({ mode } = statSync(path));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !required) return { settings: {}, exposed: false };
    throw new UsageError('SIPX_USAGE', `cannot read the config file ${path}`, { cause });
  }
  const settings = checked(parsed(text, path), path);
  const readable = process.platform !== 'win32' && (mode & 0o077) !== 0;
  return { settings, exposed: readable && settings.password !== undefined };
};

const parsed = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('SIPX_USAGE', `the config file ${path} is not JSON`);
  }
};

const checked = (value: unknown, path: string): Settings => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError('SIPX_USAGE', `the config file ${path} is no JSON object`);
  }
  for (const [name, setting] of Object.entries(value)) {
    if (!(settingNames as readonly string[]).includes(name)) {
      throw new UsageError('SIPX_USAGE', `the config file ${path} has a setting that is unknown`, {
        expected: settingNames.join(', '),
        got: JSON.stringify(name),
      });
    }
    const fits =
      typeof setting === 'string' ||
      (name === 'listen' &&
        Array.isArray(setting) &&
        setting.every((at) => typeof at === 'string'));
    if (!fits) {
      throw new UsageError('SIPX_USAGE', `${name} in the config file ${path} is no text`, {
        expected: name === 'listen' ? 'a string or a list of them' : 'a string',
        got: setting === null ? 'null' : typeof setting,
      });
    }
  }
  return value;
};
