import { ProtocolError, UsageError } from '@sipx/contracts';
import { isSipURI, OpaqueURI, parseURI, SipURI } from '@sipx/message';
import { describe, expect, it } from 'vitest';

const sip = (text: string): SipURI => {
  const uri = parseURI(text);
  if (!isSipURI(uri)) throw new TypeError(text);
  return uri;
};

describe('parseURI', () => {
  it('reads every part', () => {
    const uri = sip(
      'SIPS:al%69ce:p%40ss@[2001:db8::1]:5061;transport=TCP;lr;m%61ddr=x%20y?Subject=a%26b&X=',
    );
    expect([uri.scheme, uri.user, uri.password, uri.host, uri.port]).toEqual([
      'sips',
      'alice',
      'p@ss',
      '2001:db8::1',
      5061,
    ]);
    expect([uri.secure, uri.transport, uri.lr]).toEqual([true, 'tcp', true]);
    expect(uri.params.entries()).toEqual([
      ['transport', 'TCP'],
      ['lr', ''],
      ['m%61ddr', 'x y'],
    ]);
    expect(uri.params.get('maddr')).toBe('x y');
    expect(uri.headers.entries()).toEqual([
      ['Subject', 'a&b'],
      ['X', ''],
    ]);
  });

  it.each([
    'sip:h',
    'sip:+358-555;phone-context=x@h',
    'sip:a;b?c/d@h',
    'sip:a#b@h',
    'sip:h:5060;a=b?c=d&e=f',
    'sip:%00@h',
    'sips:1.2.3.4',
    'sip:a_b.example',
    'sip:%FF@h',
  ])('writes %s back as it came', (text) => {
    expect(String(parseURI(text))).toBe(text);
  });

  it.each([
    '',
    'sip',
    'sip:',
    'sip:@h',
    'sip:a@',
    'sip:a@b@c',
    'sip:h:',
    'sip:h:x',
    'sip:h:65536',
    'sip:::1',
    'sip:[::1',
    'sip:[h]',
    'sip:[1.2.3.4]',
    'sip:h;',
    'sip:h;;a',
    'sip:h;=b',
    'sip:h?',
    'sip:h?a&&b',
    'sip:%zz@h',
    'sip:h;a=%4',
    'sip: h',
    'sip:h ',
    ' sip:h',
    'sip:a b@h',
    'sip:"a"@h',
    '<sip:h>',
    'sip:h>',
    'sip:-h',
    'sip:h\r\n',
    'sip:h\0',
    '//x',
    '1a:b',
    'tel:',
    'tel:1 2',
    'tel:<1>',
  ])('refuses %j', (text) => {
    expect(() => parseURI(text)).toThrow(ProtocolError);
  });

  it('keeps other schemes as text', () => {
    const uri = parseURI('XMPP:a@h?x=1');
    expect(uri).toBeInstanceOf(OpaqueURI);
    expect([uri.scheme, String(uri)]).toEqual(['xmpp', 'XMPP:a@h?x=1']);
    expect(uri.equals(parseURI('xmpp:a@h?x=1'))).toBe(true);
    expect(uri.equals(parseURI('xmpp:A@h?x=1'))).toBe(false);
    expect(uri.equals(parseURI('sip:h'))).toBe(false);
  });
});

describe('SipURI', () => {
  it('escapes what its place does not allow, and nothing else', () => {
    const uri = new SipURI({
      user: 'a b@c;d?e/é',
      password: 'p:@',
      host: '::1',
      port: 0,
      params: { p: 'x;y', lr: true },
      headers: { Subject: 'a&b=c' },
    });
    expect(String(uri)).toBe(
      'sip:a%20b%40c;d?e/%C3%A9:p%3A%40@[::1]:0;p=x%3By;lr?Subject=a%26b%3Dc',
    );
    expect([sip(String(uri)).user, sip(String(uri)).password]).toEqual(['a b@c;d?e/é', 'p:@']);
    expect(sip(String(uri)).headers.get('subject')).toBe('a&b=c');
  });

  it('makes changed copies, and keeps the escapes of what stays', () => {
    const uri = sip('sip:%61@h:5060;transport=udp;lr?X=1');
    expect(String(uri.with({ port: undefined, params: {}, headers: {} }))).toBe('sip:%61@h');
    expect(String(uri.with({ user: undefined, scheme: 'sips' }))).toBe(
      'sips:h:5060;transport=udp;lr?X=1',
    );
    expect(String(uri.with({ user: 'b' }))).toBe('sip:b@h:5060;transport=udp;lr?X=1');
  });

  it.each([
    { host: '' },
    { host: 'a b' },
    { host: '[::1]' },
    { host: 'h', port: 65_536 },
    { host: 'h', port: -1 },
    { host: 'h', user: '' },
    { host: 'h', password: 'x' },
  ])('refuses %j', (parts) => {
    expect(() => new SipURI(parts)).toThrow(UsageError);
  });

  it('refuses line ends in a user', () => {
    expect(() => new SipURI({ user: 'a\r\nb', host: 'h' })).toThrow(UsageError);
  });
});

/** RFC 3261 19.1.4: what is equivalent, what is not, and why. */
describe('equals', () => {
  it.each([
    [
      'sip:%61lice@h;transport=TCP',
      'sip:alice@H;Transport=tcp',
      'escapes, and the case of host and parameters',
    ],
    ['sip:h', 'sip:h;newparam=5', 'a parameter in one only'],
    ['sip:h;newparam=5', 'sip:h;security=on', 'other parameters in each'],
    ['sip:h;a;b', 'sip:h;b;a', 'the order of parameters'],
    [
      'sip:h?to=x&subject=y',
      'sip:h?Subject=y&To=x',
      'the order of headers, and the case of their names',
    ],
    ['sip:a%2fb@h', 'sip:a%2Fb@h', 'the case of an escape'],
  ])('%s is %s: %s', (left, right) => {
    expect([sip(left).equals(sip(right)), sip(right).equals(sip(left))]).toEqual([true, true]);
  });

  it.each([
    ['sip:alice@h', 'sip:ALICE@h', 'the case of the user'],
    ['sip:h', 'sip:h:5060', 'a port that says the default'],
    ['sip:h', 'sip:h;transport=udp', 'a transport that says the default'],
    ['sip:h', 'sip:h;user=ip', 'user in one only'],
    ['sip:h', 'sip:h;ttl=1', 'ttl in one only'],
    ['sip:h', 'sip:h;method=INVITE', 'method in one only'],
    ['sip:h', 'sip:h;maddr=1.2.3.4', 'maddr in one only'],
    ['sip:h;security=on', 'sip:h;security=off', 'the same parameter, another value'],
    ['sip:h?Subject=a', 'sip:h', 'a header in one only'],
    ['sip:h?Subject=a', 'sip:h?Subject=b', 'the same header, another value'],
    ['sip:h', 'sips:h', 'the scheme'],
    ['sip:a:b@h', 'sip:a:c@h', 'the password'],
    ['sip:a@h', 'sip:h', 'a user in one only'],
    ['sip:a@h', 'sip:a@i', 'the host'],
    ['sip:a%2Fb@h', 'sip:a/b@h', 'an escape of a reserved character'],
  ])('%s is not %s: %s', (left, right) => {
    expect([sip(left).equals(sip(right)), sip(right).equals(sip(left))]).toEqual([false, false]);
  });

  it('compares with another scheme', () => {
    expect(sip('sip:h').equals(parseURI('tel:1'))).toBe(false);
  });
});
