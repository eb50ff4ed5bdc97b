import { isSipURI, parseURI, type Request } from '@sipx/message';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LOCALHOST } from './free-port.ts';
import { Kamailio } from './kamailio.ts';
import { Phone, type PhoneOptions } from './phone.ts';
import { isLacking } from './programs.ts';

describe.skipIf(isLacking('kamailio', 'kamcmd'))('registering at Kamailio', () => {
  let proxy: Kamailio;
  let phone: Phone | undefined;

  beforeAll(async () => {
    proxy = await Kamailio.start();
  });
  afterEach(() => phone?.close());
  afterAll(() => proxy?.stop());

  const start = async (options: PhoneOptions): Promise<Phone> => {
    phone = await Phone.start({ proxy, ...options });
    return phone;
  };

  test.each(['udp', 'tcp'] as const)('with an MD5 digest, and back, by %s', async (protocol) => {
    const { client, port, wire } = await start({ protocol });

    const registration = await client.register({ expires: 200 });
    expect(wire.map(told)).toEqual(['REGISTER', 401, 'REGISTER with MD5', 200]);
    expect(registration.expires).toBe(200);
    expect((await proxy.contacts('alice')).map(place)).toEqual([[LOCALHOST, port, protocol]]);

    await registration.refresh();
    expect(await proxy.contacts('alice')).toHaveLength(1);

    const response = await client.unregister();
    expect(response?.status).toBe(200);
    expect(await proxy.contacts('alice')).toEqual([]);
  });

  test('takes the expires that the registrar grants', async () => {
    const { client } = await start({ protocol: 'udp' });
    const registration = await client.register({ expires: 3_600 });
    expect(registration.expires).toBe(300);
  });

  test('with a wrong password is refused, and does not go on trying', async () => {
    const { client, wire } = await start({ protocol: 'udp', password: 'looking-glass' });
    await expect(client.register()).rejects.toMatchObject({ code: 'SIPX_REGISTER_REJECTED' });
    // A new nonce that does not say stale means the password (RFC 7616 3.3).
    expect(wire.map(told)).toEqual(['REGISTER', 401, 'REGISTER with MD5', 401]);
    expect(await proxy.contacts('alice')).toEqual([]);
  });
});

/** A status as it is; a request by its method, and the algorithm of its credentials. */
const told = (message: Request | number): string | number => {
  if (typeof message === 'number') return message;
  const algorithm = /\balgorithm=(\S+?)(?:,|$)/.exec(message.headers.raw('Authorization') ?? '');
  return algorithm ? `${message.method} with ${algorithm[1]}` : message.method;
};

const place = (contact: string): unknown[] => {
  const uri = parseURI(contact);
  return isSipURI(uri) ? [uri.host, uri.port, uri.transport ?? 'udp'] : [contact];
};
