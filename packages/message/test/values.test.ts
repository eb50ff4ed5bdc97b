import { ProtocolError, UsageError } from '@sipx/contracts';
import { CSeq, MediaType, NameAddr, Params, Via } from '@sipx/message';
import { describe, expect, it } from 'vitest';

describe('Params', () => {
  it('keeps order and spelling, and finds names in any case', () => {
    const params = new Params([
      ['B', 1],
      ['a', 'x y'],
      ['flag', true],
      ['none', undefined],
    ]);
    expect(String(params)).toBe(';B=1;a="x y";flag');
    expect([params.get('b'), params.get('A'), params.get('FLAG'), params.get('none')]).toEqual([
      '1',
      'x y',
      '',
      undefined,
    ]);
    expect(params.entries()).toEqual([
      ['B', '1'],
      ['a', 'x y'],
      ['flag', ''],
    ]);
  });

  it('sets in place, deletes, and counts', () => {
    const params = new Params({ a: '1', b: '2', c: '3' }).set('B', 'two').delete('A');
    expect(String(params)).toBe(';b=two;c=3');
    expect([params.size, params.has('a'), params.has('B')]).toEqual([2, false, true]);
  });

  it.each([
    ["token-.!%*_+`'~", ";v=token-.!%*_+`'~"],
    ['[2001:db8::1]', ';v=[2001:db8::1]'],
    ['a"b\\c', ';v="a\\"b\\\\c"'],
    ['a;b', ';v="a;b"'],
    ['<urn:x>', ';v="<urn:x>"'],
  ])('writes %s as %s', (value, text) => {
    expect(String(new Params({ v: value }))).toBe(text);
    expect(NameAddr.parse(`<sip:b>${text}`).params.get('v')).toBe(value);
  });

  it('keeps the quotes of what it read', () => {
    const text = '<sip:b>;+sip.instance="<urn:uuid:1>";x="plain";y=z';
    expect(String(NameAddr.parse(text))).toBe(text);
  });

  it('belongs to a value that never changes', () => {
    const { params } = NameAddr.parse('<sip:b>;tag=1');
    for (const owned of [params, NameAddr.parse('<sip:b>').params]) {
      expect(owned instanceof Params && (() => owned.set('tag', '2'))).toThrow(UsageError);
    }
    expect(String(new Params(params).set('tag', '2'))).toBe(';tag=2');
  });

  it('is copied by the value that it is given to', () => {
    const params = new Params({ a: '1' });
    const via = new Via({ transport: 'UDP', host: 'h', params });
    params.set('a', '2');
    expect(via.params.get('a')).toBe('1');
  });
});

describe('Via', () => {
  it('is made from parts', () => {
    const via = new Via({
      transport: 'TCP',
      host: '::1',
      port: 5070,
      branch: 'z9hG4bK1',
      rport: true,
    });
    expect(String(via)).toBe('SIP/2.0/TCP [::1]:5070;branch=z9hG4bK1;rport');
    expect(via.sentBy).toBe('[::1]:5070');
  });

  it('changes what it is told and keeps the rest in its place', () => {
    const via = Via.parse('SIP/2.0/UDP h:5070;rport;branch=z9hG4bK1;x=y');
    expect(String(via.with({ rport: 40_000, received: '192.0.2.1' }))).toBe(
      'SIP/2.0/UDP h:5070;rport=40000;branch=z9hG4bK1;x=y;received=192.0.2.1',
    );
    expect(String(via.with({ transport: 'TCP', port: undefined, branch: undefined }))).toBe(
      'SIP/2.0/TCP h;rport;x=y',
    );
    expect(String(via)).toBe('SIP/2.0/UDP h:5070;rport;branch=z9hG4bK1;x=y');
  });

  it.each([
    '',
    'SIP/2.0/UDP',
    'SIP/2.0 h',
    'SIP/3.0/UDP h',
    'UDP h',
    'SIP/2.0/UDP h:x',
    'SIP/2.0/UDP h:-1',
    'SIP/2.0/UDP 2001:db8::1',
    'SIP/2.0/UDP [h]',
    'SIP/2.0/UDP [::1',
    'SIP/2.0/UDP h;',
    'SIP/2.0/UDP h;=x',
    'SIP/2.0/UDP h;a=',
    'SIP/2.0/UDP h;a="b',
    'SIP/2.0/UDP h;a="b"c',
    'SIP/2.0/UDP h;a b',
    'SIP/2.0/UDP h i',
    'SIP/2.0/U DP h',
  ])('refuses %j', (text) => {
    expect(() => Via.parse(text)).toThrow(ProtocolError);
  });

  it.each([-1, 65_536, 1.5, Number.NaN])('refuses port %d', (port) => {
    expect(() => new Via({ transport: 'UDP', host: 'h', port })).toThrow(UsageError);
  });
});

describe('NameAddr', () => {
  it.each([
    ['sip:b@h', undefined, 'sip:b@h', ''],
    ['sip:b@h;tag=1', undefined, 'sip:b@h', ';tag=1'],
    ['<sip:b@h;x>;tag=1', undefined, 'sip:b@h;x', ';tag=1'],
    ['Bob  B <sip:b@h>', 'Bob  B', 'sip:b@h', ''],
    ['"" <sip:b@h>', undefined, 'sip:b@h', ''],
    ['"a\\"b"<sip:b@h>', 'a"b', 'sip:b@h', ''],
    ['sip:b@h;x="<y>"', undefined, 'sip:b@h', ';x="<y>"'],
    ['<tel:+1234> ; a', undefined, 'tel:+1234', ';a'],
  ])('reads %s', (text, displayName, uri, params) => {
    const address = NameAddr.parse(text);
    expect([address.displayName, String(address.uri), String(address.params)]).toEqual([
      displayName,
      uri,
      params,
    ]);
  });

  it.each([
    '',
    '"B"',
    '"B" sip:b',
    '"B <sip:b>',
    'B, C <sip:b>',
    '<sip:b',
    '<sip:b>x',
    '<sip:b>;',
    'sip:b?x=y',
    'sip:b c',
    'sip:b,c',
    'é <sip:b>',
  ])('refuses %j', (text) => {
    expect(() => NameAddr.parse(text)).toThrow(ProtocolError);
  });

  it('is made from parts', () => {
    const address = new NameAddr({
      uri: 'sip:b@h',
      displayName: 'say "hi" \\',
      params: { q: '0.5' },
      tag: 't',
    });
    expect(String(address)).toBe('"say \\"hi\\" \\\\" <sip:b@h>;q=0.5;tag=t');
    expect(NameAddr.parse(String(address)).displayName).toBe('say "hi" \\');
  });

  it('makes changed copies', () => {
    const address = NameAddr.parse('"B" <sip:b@h>;tag=1');
    expect(String(address.with({ tag: undefined, displayName: undefined }))).toBe('<sip:b@h>');
    expect(String(address.with({ uri: 'sip:c@h', tag: '2' }))).toBe('"B" <sip:c@h>;tag=2');
    expect(String(address)).toBe('"B" <sip:b@h>;tag=1');
  });

  it("blames the caller for the caller's URI, the peer for the peer's", () => {
    expect(() => new NameAddr({ uri: 'nonsense' })).toThrow(UsageError);
    expect(() => NameAddr.parse('<nonsense>').uri).toThrow(ProtocolError);
  });
});

describe('CSeq and MediaType', () => {
  it('reads a CSeq', () => {
    expect({ ...CSeq.parse('4711 \t INVITE') }).toEqual({ sequence: 4711, method: 'INVITE' });
  });

  it.each(['', '1', 'INVITE', '1INVITE', '1 IN VITE', '0x1 INVITE', '4294967296 INVITE'])(
    'refuses CSeq %j',
    (text) => {
      expect(() => CSeq.parse(text)).toThrow(ProtocolError);
    },
  );

  it.each([-1, 2 ** 32, 1.5])('refuses to write CSeq %d', (sequence) => {
    expect(() => new CSeq(sequence, 'BYE')).toThrow(UsageError);
  });

  it('reads a media type', () => {
    const type = MediaType.parse('Multipart / Signed ; boundary="a b"');
    expect([type.essence, type.params.get('Boundary'), String(type)]).toEqual([
      'multipart/signed',
      'a b',
      'multipart/signed;boundary="a b"',
    ]);
  });

  it.each(['', 'text', 'text/', '/plain', 'text/plain;', 'text/pl ain'])(
    'refuses media type %j',
    (text) => {
      expect(() => MediaType.parse(text)).toThrow(ProtocolError);
    },
  );
});
