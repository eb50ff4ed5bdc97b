import {
  CSeq,
  DeltaSeconds,
  HeaderParser,
  Headers,
  MediaType,
  NameAddr,
  Parameterized,
  parseMessage,
  RAck,
  Request,
  serialize,
  SIPDate,
  SipURI,
  Timestamp,
  Via,
  Warning,
} from '@sipx/message';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { HEADERS, type Shape } from '../src/header-names.ts';

const token = fc.string({
  unit: fc.constantFrom(..."ABCXYZabcxyz0189-.!%*_+`'~"),
  minLength: 1,
  maxLength: 12,
});
/** What may stand in a header: no CR, LF, NUL, nor the surrogates that UTF-8 cannot say. */
const line = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((text) => text.replace(/[\r\n\0]/g, '').trim());
const text = line.filter((some) => some !== '');
const params = fc.uniqueArray(fc.tuple(token, line), {
  maxLength: 3,
  selector: ([name]) => name.toLowerCase(),
});
const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const host = fc.constantFrom('example.com', '192.0.2.1', '2001:db8::1');
const uri = fc
  .record({ user: fc.option(text, { nil: undefined }), host, params })
  .map((parts) => new SipURI(parts));

/** Values of each shape, as a program makes them. */
const values: Record<Shape, fc.Arbitrary<string | number | object>> = {
  via: fc.record({ transport: token, host, params }).map((parts) => new Via(parts)),
  address: fc
    .record({ uri, displayName: fc.option(text, { nil: undefined }), params })
    .map((parts) => new NameAddr(parts)),
  cseq: fc.tuple(number, token).map(([sequence, method]) => new CSeq(sequence, method)),
  number,
  media: fc.tuple(token, token, params).map((parts) => new MediaType(...parts)),
  params: fc.tuple(fc.oneof(token, text), params).map((parts) => new Parameterized(...parts)),
  seconds: fc
    .record({ seconds: number, comment: fc.option(line, { nil: undefined }), params })
    .map((parts) => new DeltaSeconds(parts)),
  date: fc
    .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => new SIPDate(date)),
  timestamp: fc
    .tuple(fc.nat(), fc.nat(999_999), fc.option(fc.nat(), { nil: undefined }))
    .map(([seconds, micros, delay]) => new Timestamp(seconds + micros / 1e6, delay)),
  rack: fc.tuple(number, number, token).map((parts) => new RAck(...parts)),
  warning: fc
    .tuple(fc.integer({ min: 100, max: 999 }), token, line)
    .map((parts) => new Warning(...parts)),
  token,
  'call-id': fc.tuple(token, token).map(([left, right]) => `${left}@${right}`),
  text: line,
};

const typed = HEADERS.slice(1);
const parser = new HeaderParser();

/** All that a value tells. */
const told = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof NameAddr) {
    return [value.displayName || undefined, String(value.uri), value.params.entries()];
  }
  if (value instanceof Via) return [value.transport, value.sentBy, value.params.entries()];
  const parts = Object.entries(value).filter(([, part]) => typeof part !== 'object');
  const own = 'params' in value ? [...(value.params as Iterable<unknown>)] : [];
  return [Object.fromEntries(parts), own, String(value)];
};

describe('every typed header', () => {
  it.each(typed)('$name: what is written is read back', ({ name, shape }) => {
    fc.assert(
      fc.property(values[shape], (value) => {
        const again = parser.parse(name, String(value));
        expect(told(again)).toEqual(told(value));
        expect(String(again)).toBe(String(value));
      }),
      { numRuns: 60 },
    );
  });

  it.each(typed)('$name: a message carries its values', ({ name, shape, list }) => {
    const some = fc.array(values[shape], { minLength: 1, maxLength: list ? 3 : 1 });
    fc.assert(
      fc.property(some, (made) => {
        const request = new Request({ method: 'INFO', uri: 'sip:h', headers: { [name]: made } });
        const read = parseMessage(serialize(request)).headers.getAll(name);
        const expected = made.map(told).filter((value) => value !== '');
        if (name !== 'Content-Length') {
          expect(read.map(told).filter((value) => value !== '')).toEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('covers what RFC 3261 20 and the extensions name', () => {
    const names = typed.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(NAMES.split(' ')));
    expect(new Set(names).size).toBe(names.length);
  });

  it('is typed by its literal name', () => {
    const headers = new Headers({ Event: 'a;id=1', x: '1800;refresher=uac', warning: '399 h "t"' });
    expectTypeOf(headers.get('Event')).toEqualTypeOf<Parameterized | undefined>();
    expectTypeOf(headers.get('session-expires')).toEqualTypeOf<DeltaSeconds | undefined>();
    expectTypeOf(headers.getAll('WARNING')).toEqualTypeOf<Warning[]>();
    expectTypeOf(headers.get('RAck')).toEqualTypeOf<RAck | undefined>();
    expectTypeOf(headers.get('Privacy')).toEqualTypeOf<string | undefined>();
    expect(headers.get('Event')?.params.get('id')).toBe('1');
    expect(headers.get('Session-Expires')?.seconds).toBe(1800);
    expect(headers.getAll('Warning').map((warning) => warning.text)).toEqual(['t']);
  });

  it('passes what is unknown through', () => {
    expect(new Headers({ 'X-Odd': 'a, "b' }).getAll('x-odd')).toEqual(['a, "b']);
  });

  it('splits Privacy at semicolons', () => {
    const headers = new Headers({ Privacy: 'id; header' });
    expect([headers.get('Privacy'), headers.getAll('Privacy')]).toEqual(['id', ['id', 'header']]);
  });

  it('builds an Identity with its info in brackets', () => {
    const built = new Parameterized('abc/d+e=', { info: '<https://h/x;y>', alg: 'ES256' });
    expect(String(built)).toBe('abc/d+e=;info=<https://h/x;y>;alg=ES256');
    expect(parser.parse('Identity', String(built)).params.get('info')).toBe('<https://h/x;y>');
    expect(String(built.with({ params: { info: '<a"b>', x: ';info="<c>"' } }))).toBe(
      'abc/d+e=;info="<a\\"b>";x=";info=\\"<c>\\""',
    );
  });

  it('reads an Identity with its info', () => {
    const value = 'abc/d+e=;info=<https://h/x;y>;alg=ES256';
    const identity = parser.parse('Identity', value);
    expect(identity.params.entries()).toEqual([
      ['info', '<https://h/x;y>'],
      ['alg', 'ES256'],
    ]);
    expect(String(identity)).toBe(value);
  });
});

const NAMES =
  'Accept Accept-Encoding Accept-Language Alert-Info Allow Call-ID Call-Info Contact Content-Disposition ' +
  'Content-Encoding Content-Language Content-Length Content-Type CSeq Date Error-Info Expires From ' +
  'In-Reply-To Max-Forwards Min-Expires MIME-Version Organization Priority Proxy-Require Record-Route ' +
  'Reply-To Require Retry-After Route Server Subject Supported Timestamp To Unsupported User-Agent Via ' +
  'Warning RAck RSeq Session-Expires Min-SE Replaces Join Target-Dialog Refer-To Referred-By Event ' +
  'Allow-Events Subscription-State SIP-ETag SIP-If-Match Path Service-Route P-Asserted-Identity ' +
  'P-Preferred-Identity Privacy Reason History-Info Diversion Identity Flow-Timer Security-Client ' +
  'Security-Server Security-Verify Recv-Info Info-Package Accept-Contact Reject-Contact ' +
  'Request-Disposition User-to-User Session-ID';
