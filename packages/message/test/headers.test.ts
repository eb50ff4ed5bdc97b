import { UsageError } from '@sipx/contracts';
import {
  CSeq,
  HeaderContainer,
  HeaderParser,
  Headers,
  NameAddr,
  parseMessage,
  Via,
} from '@sipx/message';
import { describe, expect, expectTypeOf, it } from 'vitest';

const routes = (): Headers =>
  new Headers([
    ['Route', '<sip:a;lr>, "x, y" <sip:b;lr>'],
    ['Subject', 'tea'],
    ['route', '<sip:c;lr>'],
  ]);

const list = (headers: Headers): string[] => [...headers].map(([name, text]) => `${name}: ${text}`);

describe('Headers', () => {
  it('is also called HeaderContainer', () => {
    expect(HeaderContainer).toBe(Headers);
  });

  it.each([
    ['a record', { To: '<sip:b>', Via: ['a', 'b'], Gone: undefined }],
    [
      'pairs',
      [
        ['To', '<sip:b>'],
        ['Via', 'a'],
        ['Via', 'b'],
      ] as [string, string][],
    ],
    ['other headers', new Headers({ To: '<sip:b>', Via: ['a', 'b'] })],
  ])('is made from %s', (_, init) => {
    expect(list(new Headers(init))).toEqual(['To: <sip:b>', 'Via: a', 'Via: b']);
  });

  it('copies: the original does not see what happens to the copy', () => {
    const original = routes();
    const copy = new Headers(original).append('X', 1).delete('Subject').set('Route', '<sip:z>');
    expect(list(original)).toEqual(list(routes()));
    expect(list(copy)).toEqual(['Route: <sip:z>', 'X: 1']);
  });

  it('finds by any spelling of the name', () => {
    const headers = new Headers({ m: '<sip:a>', 'x-THING': '1' });
    for (const name of ['Contact', 'CONTACT', 'm', 'M']) expect(headers.has(name)).toBe(true);
    expect(headers.raw('X-Thing')).toBe('1');
    expect(headers.has('X-Thin')).toBe(false);
    expect(headers.get('Expires')).toBeUndefined();
  });

  it('reads the values of one list from several fields', () => {
    const headers = routes();
    expect(headers.getAll('Route').map((route) => String(route.uri))).toEqual([
      'sip:a;lr',
      'sip:b;lr',
      'sip:c;lr',
    ]);
    expect(headers.rawAll('Route')).toEqual(['<sip:a;lr>, "x, y" <sip:b;lr>', '<sip:c;lr>']);
    expect(headers.size).toBe(3);
  });

  it.each<[string, (headers: Headers) => Headers, string[]]>([
    [
      'set replaces all at the place of the first',
      (h) => h.set('Route', ['<sip:1>', '<sip:2>']),
      ['Route: <sip:1>', 'Route: <sip:2>', 'Subject: tea'],
    ],
    [
      'set adds behind',
      (h) => h.set('Expires', 60),
      ['Route: <sip:a;lr>, "x, y" <sip:b;lr>', 'Subject: tea', 'route: <sip:c;lr>', 'Expires: 60'],
    ],
    ['set of nothing deletes', (h) => h.set('Route', []), ['Subject: tea']],
    [
      'append',
      (h) => h.append('Route', '<sip:d>').delete('Subject'),
      ['Route: <sip:a;lr>, "x, y" <sip:b;lr>', 'route: <sip:c;lr>', 'Route: <sip:d>'],
    ],
    [
      'prepend goes before its like',
      (h) => h.delete('Route').append('Route', '<sip:a>').prepend('Route', '<sip:0>'),
      ['Subject: tea', 'Route: <sip:0>', 'Route: <sip:a>'],
    ],
    [
      'prepend of the first goes to the front',
      (h) => h.delete('Route').prepend('Via', 'v'),
      ['Via: v', 'Subject: tea'],
    ],
    ['delete', (h) => h.delete('ROUTE'), ['Subject: tea']],
    [
      'deleteFirst of a joined field',
      (h) => h.deleteFirst('Route'),
      ['Route: "x, y" <sip:b;lr>', 'Subject: tea', 'route: <sip:c;lr>'],
    ],
    [
      'deleteFirst of all',
      (h) => h.deleteFirst('Route').deleteFirst('Route').deleteFirst('Route').deleteFirst('Route'),
      ['Subject: tea'],
    ],
  ])('%s', (_, change, expected) => {
    expect(list(change(routes()))).toEqual(expected);
  });

  it('types a value by its literal name', () => {
    const headers = new Headers({
      CSeq: '7 INVITE',
      Via: 'SIP/2.0/UDP h',
      Expires: '60',
      Allow: 'A, B',
      'X-Other': '1',
    });
    const read = {
      cseq: headers.get('CSeq'),
      via: headers.get('v'),
      expires: headers.get('expires'),
      allow: headers.getAll('Allow'),
      other: headers.get('X-Other'),
    };
    expectTypeOf(read.cseq).toEqualTypeOf<CSeq | undefined>();
    expectTypeOf(read.via).toEqualTypeOf<Via | undefined>();
    expectTypeOf(read.expires).toEqualTypeOf<number | undefined>();
    expectTypeOf(read.allow).toEqualTypeOf<string[]>();
    expectTypeOf(read.other).toEqualTypeOf<string | undefined>();
    expect(read.cseq).toBeInstanceOf(CSeq);
    expect(read.via).toBeInstanceOf(Via);
    expect(read).toMatchObject({ expires: 60, allow: ['A', 'B'], other: '1' });
  });

  it('reads a value once', () => {
    const headers = new Headers({ To: '<sip:b>;tag=1' });
    expect(headers.get('To')).toBe(headers.get('to'));
  });

  it('reads values outside a message', () => {
    const parser = new HeaderParser();
    expect(parser.parse('To', ' "B" <sip:b>;tag=1 ').tag).toBe('1');
    expect(parser.parse('Max-Forwards', '70')).toBe(70);
    expect(parser.parse('X-Other', 'a, b')).toBe('a, b');
  });

  it('takes SP, HTAB and folded line ends for white space, nothing else', () => {
    const parser = new HeaderParser();
    const nbsp = '\u00a0';
    expect(parser.parse('Subject', ` \t${nbsp}x\ufeff\r\n `)).toBe(`${nbsp}x\ufeff`);
    expect(new Headers({ Allow: `A ,\t${nbsp}B${nbsp}, C` }).getAll('Allow')).toEqual([
      'A',
      `${nbsp}B${nbsp}`,
      'C',
    ]);
    expect(() => parser.parse('Event', `x${nbsp};id=1`)).toThrow('malformed Event');
    expect(() => parser.parse('Content-Type', `a/b${nbsp}`)).toThrow('malformed Content-Type');
    expect(parser.parse('Content-Type', 'a / b ;c=1')).toMatchObject({ type: 'a', subtype: 'b' });
    const from = parser.parse('From', `Bell (${nbsp}) <sip:a@h>`);
    expect(from.displayName).toBe(`Bell (${nbsp})`);
  });

  it('writes typed values as text', () => {
    const headers = new Headers({
      To: new NameAddr({ uri: 'sip:b', tag: '1' }),
      CSeq: new CSeq(1, 'BYE'),
    });
    expect(list(headers)).toEqual(['To: <sip:b>;tag=1', 'CSeq: 1 BYE']);
  });
});

describe('nothing gets out of its line', () => {
  const code = (action: () => unknown): string => {
    try {
      action();
    } catch (error) {
      if (error instanceof UsageError) return error.code;
      throw error;
    }
    return 'accepted';
  };
  const evil = ['a\r\nX: y', 'a\nX: y', 'a\rX: y', 'a\0', '\r\n', 'a\r\n'];

  const writers: Readonly<Record<string, (text: string) => unknown>> = {
    set: (text) => new Headers().set('Subject', text),
    'set, one of several': (text) => new Headers().set('Subject', ['a', text]),
    append: (text) => new Headers().append('Subject', text),
    prepend: (text) => new Headers().prepend('Subject', text),
    'constructor, record': (text) => new Headers({ Subject: text }),
    'constructor, pairs': (text) => new Headers([['Subject', text]]),
    'toString of an object': (text) => new Headers().append('Subject', { toString: () => text }),
    name: (text) => new Headers().append(text, 'x'),
    'name in set': (text) => new Headers().set(text, 'x'),
    'display name': (text) => new NameAddr({ uri: 'sip:b', displayName: text }),
    'display name in with': (text) => new NameAddr({ uri: 'sip:b' }).with({ displayName: text }),
    tag: (text) => new NameAddr({ uri: 'sip:b', tag: text }),
    'parameter name': (text) => new NameAddr({ uri: 'sip:b', params: { [text]: '1' } }),
    'Via transport': (text) => new Via({ transport: text, host: 'h' }),
    'Via host': (text) => new Via({ transport: 'UDP', host: text }),
    'Via branch': (text) => new Via({ transport: 'UDP', host: 'h', branch: text }),
    'Via received in with': (text) =>
      new Via({ transport: 'UDP', host: 'h' }).with({ received: text }),
    'CSeq method': (text) => new CSeq(1, text),
  };

  it.each(Object.keys(writers))('%s', (name) => {
    for (const text of evil)
      expect([text, code(() => writers[name]?.(text))]).toEqual([text, 'SIPX_USAGE_HEADER']);
  });

  it('refuses names that are no token, and values that are no text', () => {
    for (const name of ['', 'a b', 'a:', 'ä'])
      expect(code(() => new Headers().append(name, 'x'))).toBe('SIPX_USAGE_HEADER');
    expect(code(() => new Headers().append('X', {}))).toBe('SIPX_USAGE_HEADER');
  });

  it("copies a peer's quoted NUL, which is legal, and no other", () => {
    const text = 'OPTIONS sip:b SIP/2.0\r\nFrom: "a\\\0b" <sip:a>;tag=1\r\n\r\n';
    const { from } = parseMessage(new TextEncoder().encode(text));
    expect(new Headers({ From: from.with({ tag: '2' }) }).get('From')?.displayName).toBe('a\0b');
  });
});
