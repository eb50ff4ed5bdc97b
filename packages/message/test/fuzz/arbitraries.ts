import { CSeq, type Message, NameAddr, Request, Response, SipURI, Via } from '@sipx/message';
import fc from 'fast-check';

const token = fc.string({
  unit: fc.constantFrom(..."ABCXYZabcxyz0189-.!%*_+`'~"),
  minLength: 1,
  maxLength: 20,
});
/** Anything that may stand in a header. */
const line = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replaceAll(/[\r\n\0]/g, '').trim());
const host = fc.oneof(
  fc.constantFrom('example.com', 'a', 'x-y.local.'),
  fc.ipV4(),
  fc.ipV6().filter((text) => !text.includes('%')),
);
const port = fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined });
const params = fc.uniqueArray(fc.tuple(token, line), {
  maxLength: 6,
  selector: ([name]) => name.toLowerCase(),
});

const uri = fc
  .record({
    scheme: fc.constantFrom('sip' as const, 'sips' as const),
    user: fc.option(
      line.filter((text) => text !== ''),
      { nil: undefined },
    ),
    host,
    port,
    params,
    headers: params,
  })
  .map((parts) => new SipURI(parts));
const address = fc
  .record({ uri, displayName: fc.option(line, { nil: undefined }), params })
  .map((parts) => new NameAddr(parts));
const via = fc.record({ transport: token, host, port, params }).map((parts) => new Via(parts));
const cseq = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 }), token)
  .map(([sequence, method]) => new CSeq(sequence, method));
const list = <Value>(item: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.array(item, { maxLength: 4 });

const headers = fc.record({
  Via: fc.array(via, { minLength: 1, maxLength: 4 }),
  'Record-Route': list(address),
  Route: list(address),
  From: address,
  To: address,
  'Call-ID': token,
  CSeq: cseq,
  'Max-Forwards': fc.nat(255),
  Contact: list(address),
  Supported: list(token),
  Allow: list(token),
  Expires: fc.nat(),
  Subject: line,
  'P-Asserted-Identity': list(address),
  'X-Nobody-Knows': list(line),
});
const body = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'grapheme' }));

/** Messages as a program makes them. */
export const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ method: token, uri, headers, body }).map((parts) => new Request(parts)),
  fc
    .record({ status: fc.integer({ min: 100, max: 699 }), reason: line, headers, body })
    .map((parts) => new Response(parts)),
);
