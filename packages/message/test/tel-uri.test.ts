import { ProtocolError, UsageError } from '@sipx/contracts';
import { isTelURI, parseURI, TelURI, URN } from '@sipx/message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const tel = (text: string): TelURI => {
  const uri = parseURI(text);
  if (!isTelURI(uri)) throw new TypeError(text);
  return uri;
};

describe('tel: (RFC 3966)', () => {
  it('reads every part', () => {
    const uri = tel('TEL:(863)-1234;ext=1-2;phone-context=+1-914.555;x=%20y');
    expect([uri.scheme, uri.number, uri.digits, uri.global]).toEqual([
      'tel',
      '(863)-1234',
      '8631234',
      false,
    ]);
    expect([uri.context, uri.params.get('ext'), uri.params.get('x')]).toEqual([
      '+1-914.555',
      '1-2',
      ' y',
    ]);
    expect(tel('tel:+1-201-555-0123')).toMatchObject({ global: true, digits: '+12015550123' });
    expect(String(uri)).toBe('TEL:(863)-1234;ext=1-2;phone-context=+1-914.555;x=%20y');
  });

  it.each([
    'tel:',
    'tel:+',
    'tel:+-.',
    'tel:+1a',
    'tel:1 2',
    'tel:x',
    'tel:();phone-context=h',
    'tel:1;',
    'tel:1;phone-context=',
    'tel:1;phone-context=-h',
    'tel:1;phone-context=a_b',
    'tel:+1;ext=',
    'tel:+1;ext=a',
    'tel:+1;a=1;A=2',
    'tel:+1;a=%4',
    'tel:+1;a=é',
  ])('refuses %s', (text) => {
    expect(() => parseURI(text)).toThrow(ProtocolError);
  });

  it.each([
    ['tel:+1-201-555-0123', 'TEL:+1(201)555.0123', true],
    ['tel:+1201', 'tel:+1202', false],
    ['tel:+1201', 'tel:1201;phone-context=+1', false],
    ['tel:863;phone-context=Example.com', 'tel:8-63;phone-context=example.COM', true],
    ['tel:863;phone-context=+1-2', 'tel:863;phone-context=+12', true],
    ['tel:863;phone-context=a-b.example', 'tel:863;phone-context=ab.example', false],
    ['tel:863;phone-context=+12', 'tel:863;phone-context=+13', false],
    ['tel:+1;ext=2-2;x=Y', 'tel:+1;X=y;EXT=22', true],
    ['tel:+1;x=1-2', 'tel:+1;x=12', false],
    ['tel:+1;ext=2', 'tel:+1', false],
    ['tel:+1;x=%61', 'tel:+1;x=a', true],
    ['tel:*1A#;phone-context=h', 'tel:*1a#;phone-context=h', true],
    ['tel:+1', 'sip:+1@h', false],
  ])('%s equals %s: %s', (a, b, same) => {
    const [left, right] = [parseURI(a), parseURI(b)];
    expect([left.equals(right), right.equals(left)]).toEqual([same, same]);
  });

  it('is made from parts, in the order of the RFC', () => {
    const uri = new TelURI({
      number: '863',
      params: { z: 'b c', 'phone-context': 'example.com', a: true, ext: '12' },
    });
    expect(String(uri)).toBe('tel:863;ext=12;phone-context=example.com;a;z=b%20c');
    expect(String(uri.with({ number: '+1-863', params: {} }))).toBe('tel:+1-863');
    expect(tel(String(uri)).equals(uri)).toBe(true);
  });

  it.each([
    { number: '863' },
    { number: '' },
    { number: '+' },
    { number: '+1;x=y' },
    { number: '+1\r\n' },
    { number: '+1', params: { ext: 'x' } },
  ])('refuses parts %j', (parts) => {
    expect(() => new TelURI(parts)).toThrow(UsageError);
  });

  it('is the same however it is separated', () => {
    const number = fc.string({ unit: fc.constantFrom(...'0123456789-.()'), minLength: 1 });
    fc.assert(
      fc.property(number, (digits) => {
        const uri = tel(`tel:+1${digits}`);
        expect(uri.equals(tel(`tel:${uri.digits}`))).toBe(true);
      }),
    );
  });
});

describe('urn: (RFC 8141)', () => {
  it('reads its parts', () => {
    const uri = parseURI('URN:Example:a/b%2Fc?+r?=q#f');
    expect(uri).toBeInstanceOf(URN);
    expect(uri).toMatchObject({ scheme: 'urn', namespace: 'example', name: 'a/b%2Fc' });
    expect(String(uri)).toBe('URN:Example:a/b%2Fc?+r?=q#f');
  });

  it.each([
    ['urn:example:a', 'URN:EXAMPLE:a', true],
    ['urn:example:a', 'urn:example:A', false],
    ['urn:example:a%2f', 'urn:example:a%2F', true],
    ['urn:example:a?=q', 'urn:example:a#f', true],
    [
      'urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6',
      'urn:uuid:f81d4fae-7DEC-11d0-a765-00a0c91e6bf6',
      true,
    ],
    ['urn:service:sos.fire', 'urn:service:SOS.fire', true],
    ['urn:service:sos', 'sip:sos@h', false],
  ])('%s equals %s: %s', (a, b, same) => {
    const [left, right] = [parseURI(a), parseURI(b)];
    expect([left.equals(right), right.equals(left)]).toEqual([same, same]);
  });
});
