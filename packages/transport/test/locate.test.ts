import { formatAddress, type Resolver, type TransportProtocol } from '@sipx/contracts';
import { isSipURI, parseURI, type SipURI } from '@sipx/message';
import { locate } from '@sipx/transport';
import { describe, expect, it } from 'vitest';

const uri = (text: string): SipURI => {
  const parsed = parseURI(text);
  return isSipURI(parsed) ? parsed : expect.fail('no SIP URI');
};

const asked: string[] = [];
const resolver: Resolver = {
  async addresses(host) {
    asked.push(host);
    if (host === 'nowhere.example') return [];
    return [
      { address: '2001:db8::1', family: 6 },
      { address: '192.0.2.1', family: 4 },
    ];
  },
};

const found = async (text: string, protocol?: TransportProtocol): Promise<string[]> => {
  asked.length = 0;
  return (await locate(uri(text), resolver, { protocol })).map(formatAddress);
};

describe('locate', () => {
  const numeric = [
    { text: 'sip:192.0.2.7', to: 'udp:192.0.2.7:5060' },
    { text: 'sip:bob@192.0.2.7:5070', to: 'udp:192.0.2.7:5070' },
    { text: 'sip:bob@[2001:db8::7]', to: 'udp:[2001:db8::7]:5060' },
    { text: 'sip:192.0.2.7;transport=tcp', to: 'tcp:192.0.2.7:5060' },
    { text: 'sip:192.0.2.7;transport=TLS', to: 'tls:192.0.2.7:5061' },
    { text: 'sip:192.0.2.7;transport=ws', to: 'ws:192.0.2.7:80' },
    { text: 'sips:192.0.2.7', to: 'tls:192.0.2.7:5061' },
    { text: 'sips:192.0.2.7:5070;transport=tcp', to: 'tls:192.0.2.7:5070' },
    { text: 'sips:192.0.2.7;transport=ws', to: 'wss:192.0.2.7:443' },
    { text: 'sip:example.com;maddr=192.0.2.9', to: 'udp:192.0.2.9:5060' },
    { text: 'sip:example.com:5070;maddr=[2001:db8::9]', to: 'udp:[2001:db8::9]:5070' },
  ];
  it.each(numeric)('finds $text at $to, asking nobody', async ({ text, to }) => {
    expect(await found(text)).toEqual([to]);
    expect(asked).toEqual([]);
  });

  const preferred: { text: string; protocol: TransportProtocol; to: string }[] = [
    { text: 'sip:192.0.2.7', protocol: 'tcp', to: 'tcp:192.0.2.7:5060' },
    { text: 'sip:192.0.2.7', protocol: 'tls', to: 'tls:192.0.2.7:5061' },
    { text: 'sip:192.0.2.7;transport=udp', protocol: 'tcp', to: 'udp:192.0.2.7:5060' },
    { text: 'sips:192.0.2.7', protocol: 'udp', to: 'tls:192.0.2.7:5061' },
    { text: 'sips:192.0.2.7', protocol: 'ws', to: 'wss:192.0.2.7:443' },
  ];
  it.each(preferred)('goes by $protocol to $text at $to', async ({ text, protocol, to }) => {
    expect(await found(text, protocol)).toEqual([to]);
  });

  it('asks for the addresses of a name, and keeps their order', async () => {
    expect(await found('sip:bob@example.com;transport=tcp')).toEqual([
      'tcp:[2001:db8::1]:5060',
      'tcp:192.0.2.1:5060',
    ]);
    expect(asked).toEqual(['example.com']);
  });

  it('takes what only looks like an address for a name', async () => {
    await found('sip:192.0.2.256');
    await found('sip:1.2.3');
    expect(asked).toEqual(['1.2.3']);
  });

  const refused = [
    { text: 'sip:nowhere.example', code: 'SIPX_RESOLVE' },
    { text: 'sip:192.0.2.7;transport=carrier-pigeon', code: 'SIPX_TRANSPORT_MISSING' },
    { text: 'sips:192.0.2.7;transport=udp', code: 'SIPX_TRANSPORT_MISSING' },
  ];
  it.each(refused)('refuses $text with $code', async ({ text, code }) => {
    await expect(found(text)).rejects.toMatchObject({ code });
  });

  it('hands the signal on', async () => {
    const { signal } = new AbortController();
    let seen: AbortSignal | undefined;
    const watching: Resolver = {
      async addresses(_host, given) {
        seen = given;
        return [{ address: '192.0.2.1', family: 4 }];
      },
    };
    await locate(uri('sip:example.com'), watching, { signal });
    expect(seen).toBe(signal);
  });
});
