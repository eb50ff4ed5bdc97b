import {
  formatAddress,
  hostPort,
  isProtocol,
  parseAddress,
  sameAddress,
  type TransportAddress,
  UsageError,
} from '@sipx/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('parseAddress', () => {
  const good: { text: string; address: TransportAddress }[] = [
    { text: 'udp:127.0.0.1:5060', address: { protocol: 'udp', host: '127.0.0.1', port: 5060 } },
    { text: 'TCP:[::1]:0', address: { protocol: 'tcp', host: '::1', port: 0 } },
    { text: 'tls:example.com:5061', address: { protocol: 'tls', host: 'example.com', port: 5061 } },
    { text: 'ws:0.0.0.0:65535', address: { protocol: 'ws', host: '0.0.0.0', port: 65_535 } },
    { text: 'wss:[fe80::1%eth0]:1', address: { protocol: 'wss', host: 'fe80::1%eth0', port: 1 } },
  ];
  it.each(good)('reads $text', ({ text, address }) => {
    expect(parseAddress(text)).toEqual(address);
  });

  const bad = [
    { text: '', why: 'nothing' },
    { text: '127.0.0.1:5060', why: 'no protocol' },
    { text: 'sctp:127.0.0.1:5060', why: 'a protocol that is none of SIPX’s' },
    { text: 'udp:127.0.0.1', why: 'no port' },
    { text: 'udp::5060', why: 'no host' },
    { text: 'udp:127.0.0.1:65536', why: 'a port over the last' },
    { text: 'udp:127.0.0.1:-1', why: 'a port below the first' },
    { text: 'udp:::1:5060', why: 'IPv6 without brackets' },
    { text: 'udp:[example.com]:5060', why: 'a name in brackets' },
    { text: 'udp:a b:5060', why: 'white space' },
    { text: 'udp:127.0.0.1:5060\n', why: 'a line end' },
    { text: 'sip:bob@example.com', why: 'a URI' },
  ];
  it.each(bad)('refuses $why', ({ text }) => {
    expect(() => parseAddress(text)).toThrow(UsageError);
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({ code: 'SIPX_PARSE_ADDRESS', got: JSON.stringify(text) }),
    );
  });

  it('reads what formatAddress writes', () => {
    const address = fc.record({
      protocol: fc.constantFrom('udp', 'tcp', 'tls', 'ws', 'wss'),
      host: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
      port: fc.integer({ min: 0, max: 65_535 }),
    });
    fc.assert(
      fc.property(address, (written) => {
        expect(parseAddress(formatAddress(written))).toEqual(written);
      }),
    );
  });
});

describe('hostPort', () => {
  const rows = [
    { host: '192.0.2.1', port: 5060, text: '192.0.2.1:5060' },
    { host: 'example.com', port: undefined, text: 'example.com' },
    { host: '::1', port: 5060, text: '[::1]:5060' },
    { host: '::1', port: undefined, text: '[::1]' },
    { host: '::1', port: 0, text: '[::1]:0' },
  ];
  it.each(rows)('writes $text', ({ host, port, text }) => {
    expect(hostPort(host, port)).toBe(text);
  });
});

describe('sameAddress', () => {
  const here = parseAddress('tcp:Example.com:5060');
  const rows = [
    { other: 'tcp:example.COM:5060', same: true },
    { other: 'udp:example.com:5060', same: false },
    { other: 'tcp:example.com:5061', same: false },
    { other: 'tcp:example.org:5060', same: false },
  ];
  it.each(rows)('of $other: $same', ({ other, same }) => {
    expect(sameAddress(here, parseAddress(other))).toBe(same);
  });
});

describe('isProtocol', () => {
  it('knows the five, in lower case', () => {
    const names = ['udp', 'tcp', 'tls', 'ws', 'wss', 'UDP', 'sctp', '', 'toString'];
    expect(names.filter(isProtocol)).toEqual(['udp', 'tcp', 'tls', 'ws', 'wss']);
  });
});
