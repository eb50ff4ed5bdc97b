import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, type AccountFlags, readAccount } from '../src/account.ts';
import { readTarget } from '../src/address.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'softphone-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileWith = (text: string, name = 'config.json'): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
};

const account = (flags: AccountFlags, env: Record<string, string> = {}): Account =>
  readAccount(flags, { XDG_CONFIG_HOME: folder, APPDATA: folder, ...env });

describe('where an account comes from', () => {
  const everything = {
    uri: 'sip:file@file.example',
    username: 'file-user',
    password: 'file-secret',
    registrar: 'sip:registrar.file.example',
    proxy: 'sip:proxy.file.example',
    transport: 'tcp',
    listen: ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0'],
    mediaAddress: '127.0.0.9',
  };

  test('all of it from a file', () => {
    const read = account({ config: fileWith(JSON.stringify(everything)) });
    expect({ ...read, address: String(read.address?.uri) }).toMatchObject({
      address: 'sip:file@file.example',
      credentials: { username: 'file-user', password: 'file-secret' },
      transport: 'tcp',
      listen: ['udp:127.0.0.1:0', 'tcp:127.0.0.1:0'],
      mediaAddress: '127.0.0.9',
      warnings: [],
    });
    expect(String(read.registrar)).toBe('sip:registrar.file.example');
    expect(String(read.proxy)).toBe('sip:proxy.file.example');
  });

  test('the environment goes before the file, a flag before both', () => {
    const config = fileWith(JSON.stringify(everything));
    const read = account(
      { config, uri: 'sip:flag@flag.example' },
      { SIPX_URI: 'sip:env@env.example', SIPX_USERNAME: 'env-user', SIPX_PASSWORD: 'env-secret' },
    );
    expect(String(read.address?.uri)).toBe('sip:flag@flag.example');
    expect(read.credentials).toEqual({ username: 'env-user', password: 'env-secret' });
    expect(read.transport).toBe('tcp');
  });

  test('a file in the config folder is found by itself, and need not be there', () => {
    expect(account({}).address).toBeUndefined();
    mkdirSync(join(folder, 'sipx'), { recursive: true });
    const path = fileWith('{"uri":"sip:found@example.com"}', join('sipx', 'softphone.json'));
    expect(String(account({}).address?.uri)).toBe('sip:found@example.com');
    rmSync(path);
  });

  test.each([
    { flags: { tcp: true }, env: { SIPX_TRANSPORT: 'udp' }, transport: 'tcp' },
    { flags: {}, env: { SIPX_TRANSPORT: 'TCP' }, transport: 'tcp' },
    { flags: { transport: 'udp' }, env: { SIPX_TRANSPORT: 'tcp' }, transport: 'udp' },
    { flags: {}, env: { SIPX_TRANSPORT: '' }, transport: undefined },
  ])('transport: $flags, $env', ({ flags, env, transport }) => {
    expect(account(flags, env as Record<string, string>).transport).toBe(transport);
  });

  test('the user of the address logs in when nobody else is named, and nobody without a password', () => {
    const env = { SIPX_URI: 'Alice <sip:alice@example.com>', SIPX_PASSWORD: 's3cret' };
    expect(account({}, env).credentials).toEqual({ username: 'alice', password: 's3cret' });
    expect(account({ uri: 'alice@example.com' }).credentials).toBeUndefined();
  });

  test('several addresses to listen on are separated by commas', () => {
    expect(account({}, { SIPX_LISTEN: 'udp:[::1]:0, tcp:127.0.0.1:5060' }).listen).toEqual([
      'udp:[::1]:0',
      'tcp:127.0.0.1:5060',
    ]);
  });

  test.skipIf(process.platform === 'win32')('others who can read a password are told of', () => {
    const path = fileWith('{"uri":"sip:a@example.com","password":"x"}', 'open.json');
    chmodSync(path, 0o644);
    expect(account({ config: path }).warnings).toEqual([expect.stringContaining('chmod 600')]);
    chmodSync(path, 0o600);
    expect(account({ config: path }).warnings).toEqual([]);
  });
});

describe('what is no account is refused, and no secret repeated', () => {
  const SECRET = 'hunter2';
  const cases: {
    name: string;
    flags?: AccountFlags;
    env?: Record<string, string>;
    file?: string;
    says: RegExp;
  }[] = [
    {
      name: 'a password in --uri',
      flags: { uri: `sip:a:${SECRET}@h` },
      says: /^--uri has a password in it/,
    },
    {
      name: 'a password in SIPX_URI',
      env: { SIPX_URI: `sip:a:${SECRET}@h` },
      says: /^SIPX_URI has a password/,
    },
    {
      name: 'a password in --proxy',
      flags: { proxy: `sip:a:${SECRET}@h` },
      says: /^--proxy has a password/,
    },
    { name: 'no address', flags: { uri: 'sip:' }, says: /^--uri is no SIP address/ },
    { name: 'not SIP', flags: { registrar: 'tel:+123' }, says: /^--registrar cannot be reached/ },
    {
      name: 'a transport',
      env: { SIPX_TRANSPORT: 'pigeon' },
      says: /^SIPX_TRANSPORT is no transport/,
    },
    { name: 'a listen address', flags: { listen: '5060' }, says: /not a transport address/ },
    {
      name: 'a media address',
      flags: { mediaAddress: 'localhost' },
      says: /^--media-address is no address/,
    },
    { name: 'a password and nobody', env: { SIPX_PASSWORD: SECRET }, says: /without a user name/ },
    { name: 'no file', flags: { config: '/nowhere/x.json' }, says: /cannot read the config file/ },
    { name: 'no JSON', file: `{"password": ${SECRET}}`, says: /is not JSON/ },
    { name: 'a list', file: `["${SECRET}"]`, says: /is no JSON object/ },
    {
      name: 'an unknown setting',
      file: `{"passwd":"${SECRET}"}`,
      says: /setting that is unknown.*"passwd"/,
    },
    {
      name: 'a number',
      file: '{"password":12345}',
      says: /^password in the config file .* is no text/,
    },
  ];
  test.each(cases)('$name', ({ flags = {}, env = {}, file, says }) => {
    const config = file === undefined ? {} : { config: fileWith(file, 'bad.json') };
    const attempt = (): Account => account({ ...flags, ...config }, env);
    expect(attempt).toThrow(says);
    expect(attempt).not.toThrow(SECRET);
    expect(attempt).not.toThrow('12345');
  });
});

describe('whom to call', () => {
  const { address } = readAccount(
    { uri: 'sip:alice@127.0.0.1:5070' },
    { XDG_CONFIG_HOME: '/nowhere' },
  );
  test.each([
    { text: 'sip:bob@example.com;transport=tcp', uri: 'sip:bob@example.com;transport=tcp' },
    { text: 'bob@example.com', uri: 'sip:bob@example.com' },
    { text: 'sip:127.0.0.1:5060', uri: 'sip:127.0.0.1:5060' },
    { text: '127.0.0.1:5060', uri: 'sip:127.0.0.1:5060' },
    { text: 'localhost:5060', uri: 'sip:localhost:5060' },
    { text: 'bob', uri: 'sip:bob@127.0.0.1:5070' },
  ])('$text', ({ text, uri }) => {
    expect(String(readTarget(text, address))).toBe(uri);
  });

  test('a name alone needs an account', () => {
    expect(() => readTarget('bob', undefined)).toThrow(
      expect.objectContaining({ code: 'SIPX_PARSE_URI' }),
    );
  });
});
