/** An account as it is written down, in flags, in the environment or in a file. */
export interface Settings {
  readonly uri?: string;
  readonly username?: string;
  /** From the environment or a file alone: a command line is there for all to read. */
  readonly password?: string;
  readonly registrar?: string;
  readonly proxy?: string;
  readonly transport?: string;
  readonly listen?: string | readonly string[];
  readonly mediaAddress?: string;
}

export const settingNames: readonly (keyof Settings)[] = [
  'uri',
  'username',
  'password',
  'registrar',
  'proxy',
  'transport',
  'listen',
  'mediaAddress',
];

/** `mediaAddress` is SIPX_MEDIA_ADDRESS. */
export const variableOf = (name: keyof Settings): string =>
  `SIPX_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
