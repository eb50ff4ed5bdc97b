import { formatAddress, parseAddress } from '@sipx/contracts';
import { Via } from '@sipx/message';
import { receivedVia, responseDestination } from '@sipx/transport';
import { describe, expect, it } from 'vitest';

/** Where a request says and really comes from, what its Via becomes, and where its response goes. */
const cases = [
  {
    name: 'a sent-by that is the source',
    via: 'SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1',
    source: 'udp:192.0.2.1:5062',
    received: 'SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1',
    to: 'udp:192.0.2.1:5062',
  },
  {
    name: 'no port in sent-by: the default, not the source port',
    via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    source: 'udp:192.0.2.1:40000',
    received: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    to: 'udp:192.0.2.1:5060',
  },
  {
    name: 'another address than sent-by',
    via: 'SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK1',
    source: 'udp:192.0.2.1:40000',
    received: 'SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK1;received=192.0.2.1',
    to: 'udp:192.0.2.1:5062',
  },
  {
    name: 'a name in sent-by',
    via: 'SIP/2.0/UDP phone.example.com;branch=z9hG4bK1',
    source: 'udp:192.0.2.1:5060',
    received: 'SIP/2.0/UDP phone.example.com;branch=z9hG4bK1;received=192.0.2.1',
    to: 'udp:192.0.2.1:5060',
  },
  {
    name: 'rport: the source port, and received even where sent-by is right',
    via: 'SIP/2.0/UDP 192.0.2.1:5062;rport;branch=z9hG4bK1',
    source: 'udp:192.0.2.1:40000',
    received: 'SIP/2.0/UDP 192.0.2.1:5062;rport=40000;branch=z9hG4bK1;received=192.0.2.1',
    to: 'udp:192.0.2.1:40000',
  },
  {
    name: 'received and rport that the sender made up',
    via: 'SIP/2.0/UDP 192.0.2.1:5062;rport=7;received=203.0.113.9;branch=z9hG4bK1',
    source: 'udp:192.0.2.1:40000',
    received: 'SIP/2.0/UDP 192.0.2.1:5062;rport=40000;received=192.0.2.1;branch=z9hG4bK1',
    to: 'udp:192.0.2.1:40000',
  },
  {
    name: 'received alone that the sender made up',
    via: 'SIP/2.0/UDP 192.0.2.1:5062;received=203.0.113.9',
    source: 'udp:192.0.2.1:5062',
    received: 'SIP/2.0/UDP 192.0.2.1:5062;received=192.0.2.1',
    to: 'udp:192.0.2.1:5062',
  },
  {
    name: 'maddr before everything else',
    via: 'SIP/2.0/UDP 192.0.2.1:5062;maddr=239.1.2.3;rport;branch=z9hG4bK1',
    source: 'udp:192.0.2.1:40000',
    received:
      'SIP/2.0/UDP 192.0.2.1:5062;maddr=239.1.2.3;rport=40000;branch=z9hG4bK1;received=192.0.2.1',
    to: 'udp:239.1.2.3:5062',
  },
  {
    name: 'an IPv6 maddr, without port',
    via: 'SIP/2.0/UDP 192.0.2.1;maddr=[2001:db8::5]',
    source: 'udp:192.0.2.1:5060',
    received: 'SIP/2.0/UDP 192.0.2.1;maddr=[2001:db8::5]',
    to: 'udp:[2001:db8::5]:5060',
  },
  {
    name: 'IPv6, its letters in another case',
    via: 'SIP/2.0/UDP [2001:DB8::1]:5062;branch=z9hG4bK1',
    source: 'udp:[2001:db8::1]:5062',
    received: 'SIP/2.0/UDP [2001:DB8::1]:5062;branch=z9hG4bK1',
    to: 'udp:[2001:db8::1]:5062',
  },
  {
    name: 'IPv6 behind a name',
    via: 'SIP/2.0/UDP phone.example.com;rport',
    source: 'udp:[2001:db8::1]:40000',
    received: 'SIP/2.0/UDP phone.example.com;rport=40000;received=2001:db8::1',
    to: 'udp:[2001:db8::1]:40000',
  },
  {
    name: 'a stream: never the port that its far end happened to have',
    via: 'SIP/2.0/TCP phone.example.com:5070;rport;maddr=239.1.2.3',
    source: 'tcp:192.0.2.1:40000',
    received: 'SIP/2.0/TCP phone.example.com:5070;rport=40000;maddr=239.1.2.3;received=192.0.2.1',
    to: 'tcp:192.0.2.1:5070',
  },
  {
    name: 'TLS without port',
    via: 'SIP/2.0/TLS phone.example.com',
    source: 'tls:192.0.2.1:40000',
    received: 'SIP/2.0/TLS phone.example.com;received=192.0.2.1',
    to: 'tls:192.0.2.1:5061',
  },
];

describe('a response goes', () => {
  it.each(cases)('by $name', ({ via, source, received, to }) => {
    const from = parseAddress(source);
    const noted = receivedVia(Via.parse(via), from);
    expect(noted.toString()).toBe(received);
    expect(formatAddress(responseDestination(noted, from))).toBe(to);
  });

  it('where the Via says that a request came from, when the source is not at hand', () => {
    const via = Via.parse('SIP/2.0/UDP 10.0.0.1:5062;received=192.0.2.1;rport=40000');
    const elsewhere = parseAddress('udp:203.0.113.9:5060');
    expect(formatAddress(responseDestination(via, elsewhere))).toBe('udp:192.0.2.1:40000');
  });

  it('leaves a Via as it is where there is nothing to add', () => {
    const via = Via.parse('SIP/2.0/UDP 192.0.2.1:5062');
    expect(receivedVia(via, parseAddress('udp:192.0.2.1:9'))).toBe(via);
  });
});
