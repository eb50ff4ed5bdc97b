import { readdirSync, readFileSync } from 'node:fs';
import { SIPXError } from '@sipx/contracts';
import {
  CSeq,
  type Message,
  NameAddr,
  Params,
  parseMessage,
  parseURI,
  Request,
  Response,
  responseTo,
  serialize,
  SipURI,
  Via,
} from '@sipx/message';
import { validate } from '@sipx/message/validate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const TOKEN = "ABCXYZabcxyz0189-.!%*_+`'~";
const token = fc.string({ unit: fc.constantFrom(...TOKEN), minLength: 1, maxLength: 20 });
const host = fc.constantFrom('example.com', '192.0.2.1', '2001:db8::1', 'a', 'x_y.local');
const port = fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined });
/** Anything that may stand in a header: no CR, LF, NUL, nor the surrogates that UTF-8 cannot say. */
const line = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replace(/[\r\n\0]/g, '').trim());
const params = fc.uniqueArray(fc.tuple(token, line), {
  maxLength: 4,
  selector: ([name]) => name.toLowerCase(),
});
const withoutTag = params.map((all) => all.filter(([name]) => name.toLowerCase() !== 'tag'));

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
  .record({
    uri,
    displayName: fc.option(line, { nil: undefined }),
    params: withoutTag,
    tag: fc.option(token, { nil: undefined }),
  })
  .map((parts) => new NameAddr(parts));
const via = fc.record({ transport: token, host, port, params }).map((parts) => new Via(parts));
const cseq = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), token)
  .map(([n, m]) => new CSeq(n, m));
const body = fc.uint8Array({ maxLength: 60 });

const headers = fc
  .tuple(
    fc.array(via, { minLength: 1, maxLength: 3 }),
    address,
    address,
    token,
    cseq,
    fc.array(address, { maxLength: 3 }),
    line,
  )
  .map(([vias, from, to, callId, number, contacts, subject]) => ({
    Via: vias,
    From: from,
    To: to,
    'Call-ID': callId,
    CSeq: number,
    Contact: contacts,
    Subject: subject,
  }));
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ method: token, uri, headers, body }).map((parts) => new Request(parts)),
  fc
    .record({ status: fc.integer({ min: 100, max: 699 }), reason: line, headers, body })
    .map((parts) => new Response(parts)),
);

const seen = (value: Message) => ({
  start:
    value.type === 'request' ? [value.method, String(value.uri)] : [value.status, value.reason],
  headers: [...value.headers].filter(([name]) => name !== 'Content-Length'),
  body: [...value.content],
  via: value.headers.getAll('Via').map((hop) => [hop.transport, hop.sentBy, hop.params.entries()]),
  from: [value.from.displayName || undefined, String(value.from.uri), value.from.params.entries()],
  contacts: value.headers.getAll('Contact').map(String),
  cseq: { ...value.cseq },
});

describe('properties', () => {
  it('parse(serialize(message)) is the message', () => {
    fc.assert(
      fc.property(message, (made) => {
        expect(seen(parseMessage(serialize(made)))).toEqual(seen(made));
      }),
    );
  });

  it('serialize(parse(octets)) is the octets', () => {
    fc.assert(
      fc.property(message, (made) => {
        const octets = serialize(made);
        expect(Buffer.from(serialize(parseMessage(octets)))).toEqual(Buffer.from(octets));
      }),
    );
  });

  it('a URI is what it was made from, and equals what it is read back as', () => {
    fc.assert(
      fc.property(uri, (made) => {
        const again = parseURI(String(made));
        expect(again.equals(made) && made.equals(again)).toBe(true);
        expect(again).toMatchObject({ user: made.user, host: made.host, port: made.port });
      }),
    );
  });

  it('parameters are what they were set to', () => {
    fc.assert(
      fc.property(params, (pairs) => {
        const text = `<sip:h>${new Params(pairs)}`;
        expect(NameAddr.parse(text).params.entries()).toEqual(pairs);
      }),
    );
  });

  it('arbitrary octets give a message or a coded error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => survives(octets)));
  });

  it('the corpus with octets changed, cut, doubled gives a message or a coded error', () => {
    const corpus = readdirSync(new URL('corpus/', import.meta.url)).map((file) => {
      const text = readFileSync(new URL(`corpus/${file}`, import.meta.url), 'latin1');
      return Buffer.from(text.slice(text.indexOf('---\n') + 4).replaceAll('\n', '\r\n'), 'latin1');
    });
    const odd = fc.constantFrom(
      0,
      9,
      10,
      13,
      32,
      34,
      37,
      44,
      58,
      59,
      60,
      62,
      64,
      91,
      92,
      127,
      128,
      195,
      255,
    );
    const change = fc.record({
      at: fc.nat(),
      octet: fc.oneof(odd, fc.nat(255)),
      kind: fc.constantFrom('set', 'insert', 'cut', 'double'),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...corpus),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (start, changes) => {
          survives(changes.reduce<Buffer>(mutate, start));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

interface Change {
  readonly at: number;
  readonly octet: number;
  readonly kind: string;
}

const mutate = (bytes: Buffer, { at, octet, kind }: Change): Buffer => {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (kind) {
    case 'set':
      return Buffer.concat([before, Buffer.of(octet), after.subarray(1)]);
    case 'insert':
      return Buffer.concat([before, Buffer.of(octet), after]);
    case 'cut':
      return Buffer.concat([before, after.subarray(octet % 16)]);
    default:
      return Buffer.concat([before, after.subarray(0, octet), after]);
  }
};

/** Parses, reads all there is, answers, writes; only a SIPXError may come out, and faults never throw. */
const survives = (octets: Uint8Array): void => {
  const got = coded(() => parseMessage(octets));
  if (!got) return;
  validate(got);
  for (const [name] of got.headers) coded(() => got.headers.getAll(name).map(String));
  coded(
    () => got.via.with({ received: '192.0.2.1' }) && got.from.with({ tag: 'x' }).uri && got.to.uri,
  );
  coded(() => got.contact?.uri.equals(got.from.uri));
  if (got.type === 'request') {
    coded(() => String(got.uri));
    parseMessage(serialize(responseTo(got, 400, { toTag: 'x' })));
  }
  const again = parseMessage(serialize(got));
  expect([...again.headers].filter(notLength)).toEqual([...got.headers].filter(notLength));
  expect(Buffer.from(again.content)).toEqual(Buffer.from(got.content));
};

const notLength = ([name]: [string, string]): boolean => !/^(l|content-length)$/i.test(name);

const coded = <Result>(action: () => Result): Result | undefined => {
  try {
    return action();
  } catch (error) {
    if (error instanceof SIPXError) return undefined;
    throw error;
  }
};
