import { SIPXError } from '@sipx/contracts';
import { Headers, MediaType } from '@sipx/message';
import {
  type Body,
  BodyPart,
  ConferenceInfoBody,
  DialogInfoBody,
  MessageSummaryBody,
  MultipartBody,
  parseBody,
  PIDFBody,
  SDPBody,
  SipFragBody,
  TextBody,
  XMLBody,
  type XMLElement,
} from '@sipx/message/bodies';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const word = fc.stringMatching(/^[A-Za-z0-9.+-]{1,8}$/);
const digits = fc.stringMatching(/^[1-9][0-9]{0,19}$/);
const line = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/[\p{Cc}\u2028\u2029\ufeff]/gu, '').trim());
const characters = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((text) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu, ''));
const small = fc.integer({ min: 0, max: 65_535 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const few = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 3 });

const direction = fc.constantFrom('sendrecv' as const, 'sendonly', 'recvonly', 'inactive');
const fingerprint = fc.record({ algorithm: word, value: word });
const attribute = fc.record({ name: word.map((name) => `x-${name}`), value: line });
const section = {
  information: maybe(line),
  bandwidths: few(fc.record({ type: fc.constantFrom('AS', 'TIAS', 'X-own'), limit: small })),
  ice: maybe(fc.record({ ufrag: word, password: word })),
  iceOptions: few(word),
  fingerprints: few(fingerprint),
  setup: maybe(fc.constantFrom('active', 'passive', 'actpass')),
  attributes: few(attribute),
  otherLines: fc.constantFrom<string[]>([], ['k=prompt']),
};
const codec = fc.record(
  {
    payloadType: fc.integer({ min: 96, max: 127 }),
    name: word,
    clockRate: fc.constantFrom(8_000, 16_000, 48_000),
    channels: fc.constantFrom(1, 2),
    parameters: line.filter((text) => text !== ''),
    feedback: fc.array(word, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['payloadType', 'name', 'clockRate'] },
);
const candidate = fc.record({
  foundation: word,
  component: fc.integer({ min: 1, max: 256 }),
  transport: word,
  priority: fc.nat(),
  address: fc.constantFrom('192.0.2.1', '2001:db8::1', 'x.local'),
  port: small,
  type: fc.constantFrom('host', 'srflx'),
});
const media = fc.record({
  ...section,
  type: fc.constantFrom('audio', 'video', 'x-own'),
  port: small,
  portCount: maybe(fc.integer({ min: 1, max: 9 })),
  protocol: fc.constantFrom('RTP/AVP', 'UDP/TLS/RTP/SAVPF'),
  codecs: fc.uniqueArray(codec, { selector: ({ payloadType }) => payloadType, maxLength: 4 }),
  direction,
  address: fc.constantFrom('192.0.2.1', '2001:db8::1', 'host.example'),
  packetTime: maybe(fc.constantFrom(20, 30, 2.5)),
  maxPacketTime: maybe(fc.constantFrom(60, 120)),
  mid: maybe(word),
  rtcp: maybe(fc.record({ port: small })),
  rtcpMux: fc.boolean(),
  candidates: few(candidate),
  endOfCandidates: fc.boolean(),
  crypto: few(fc.record({ tag: fc.constantFrom('1', '2'), suite: word, keys: word })),
});
const session = fc.record({
  ...section,
  origin: fc.record({
    username: word,
    sessionId: digits,
    sessionVersion: digits,
    address: fc.constantFrom('192.0.2.1', '2001:db8::1', 'host.example'),
  }),
  name: line,
  uri: maybe(word),
  emails: few(line),
  phones: few(line),
  connection: maybe(fc.record({ family: fc.constant(4 as const), address: word })),
  times: fc.array(fc.record({ start: digits, stop: digits }), { minLength: 1, maxLength: 2 }),
  timeZones: maybe(word),
  direction: maybe(direction),
  groups: few(fc.record({ semantics: fc.constantFrom('BUNDLE', 'FEC-FR'), mids: fc.array(word) })),
  iceLite: fc.boolean(),
  media: few(media),
});

it('an SDPBody is read as it was built', () => {
  fc.assert(
    fc.property(session, (parts) => {
      const body = new SDPBody(parts);
      const read = SDPBody.parse(body.content);
      expect(read).toEqual(body);
      const { media: built, ...rest } = parts;
      expect(read).toMatchObject(rest);
      for (const [at, { ice, iceOptions, fingerprints, setup, ...own }] of built.entries()) {
        expect(read.media[at]).toMatchObject(own);
        expect(read.media[at]).toMatchObject({
          ice: ice ?? parts.ice,
          iceOptions: iceOptions.length > 0 ? iceOptions : parts.iceOptions,
          fingerprints: fingerprints.length > 0 ? fingerprints : parts.fingerprints,
          setup: setup ?? parts.setup,
        });
      }
      const anew = read.with({ media: read.media.map((one) => ({ ...one })) });
      expect(anew.media).toEqual(read.media);
    }),
  );
});

const name = fc.stringMatching(/^[a-z_][a-z0-9.-]{0,5}$/).filter((text) => text !== '__proto__');
const namespace = fc.constantFrom('', 'urn:a', 'urn:b');
const prefixed = fc.constantFrom(undefined, 'p', 'q', 'ns0');
const { element } = fc.letrec<{ element: XMLElement }>((tie) => ({
  element: fc
    .record({
      name,
      at: fc.tuple(namespace, prefixed),
      attributes: fc.dictionary(
        fc.oneof(
          name,
          name.map((one) => `{urn:a}${one}`),
          fc.constant('xml:lang'),
        ),
        characters,
        { maxKeys: 3, noNullPrototype: true },
      ),
      children: fc.array(fc.oneof({ depthSize: 'small' }, characters, tie('element')), {
        maxLength: 3,
      }),
    })
    .map(({ name: own, at: [uri, prefix], attributes, children }) => ({
      name: own,
      namespace: uri,
      ...(prefix !== undefined && uri !== '' && { prefix }),
      attributes,
      children: merged(children),
    })),
}));
const merged = (children: readonly (XMLElement | string)[]): (XMLElement | string)[] => {
  const all: (XMLElement | string)[] = [];
  for (const child of children) {
    const last = all.at(-1);
    if (typeof child === 'string' && typeof last === 'string') all[all.length - 1] = last + child;
    else if (child !== '') all.push(child);
  }
  return all;
};

it('an XMLBody is read as it was built', () => {
  fc.assert(
    fc.property(element, (root) => {
      const body = new XMLBody({ root });
      expect(XMLBody.parse(body.content).root).toEqual(root);
    }),
  );
});

const note = fc.record({ text: characters, language: maybe(word) });
const rpidWords = fc.record({
  values: few(fc.constantFrom('busy', 'away', 'meeting')),
  other: maybe(word),
  notes: few(note),
  id: maybe(word),
  from: maybe(word),
  until: maybe(word),
});
const rich = {
  activities: maybe(rpidWords),
  class: maybe(word),
  mood: maybe(rpidWords),
  placeIs: maybe(
    fc.record({ audio: maybe(name), video: maybe(name), text: maybe(name), notes: few(note) }),
  ),
  placeType: maybe(rpidWords),
  privacy: maybe(rpidWords),
  relationship: maybe(rpidWords),
  serviceClass: maybe(rpidWords),
  sphere: maybe(rpidWords),
  statusIcon: maybe(word),
  timeOffset: maybe(fc.integer({ min: -720, max: 720 })),
  userInput: maybe(
    fc.record({
      state: word,
      idleThreshold: maybe(small),
      lastInput: maybe(word),
      id: maybe(word),
    }),
  ),
  extensions: fc.constantFrom<XMLElement[]>(
    [],
    [{ name: 'own', namespace: 'urn:own', attributes: { a: '1' }, children: ['x'] }],
  ),
  otherAttributes: fc.constantFrom(undefined, { '{urn:own}a': '1' }),
};
const person = { ...rich, id: word, notes: few(note), timestamp: maybe(word) };

it('a PIDFBody is read as it was built', () => {
  const presence = fc.record({
    entity: word,
    tuples: few(
      fc.record({
        ...person,
        status: fc.record({ basic: maybe(fc.constantFrom('open', 'closed')) }),
        deviceId: maybe(word),
        contact: maybe(fc.record({ uri: word, priority: maybe(fc.constantFrom(0, 0.25, 1)) })),
      }),
    ),
    notes: few(note),
    persons: few(fc.record(person)),
    devices: few(fc.record({ ...person, deviceId: maybe(word) })),
  });
  fc.assert(
    fc.property(presence, (parts) => {
      const body = new PIDFBody(parts);
      expect(body).toMatchObject(parts);
      const changed = PIDFBody.parse(body.content).with({ entity: 'other' });
      expect(PIDFBody.parse(changed.content)).toMatchObject({ ...parts, entity: 'other' });
    }),
    // Large as they are.
    { numRuns: 25 },
  );
});

it('a DialogInfoBody is read as it was built', () => {
  const named = fc.record({ uri: word, display: maybe(characters.map((text) => text.trim())) });
  const participant = fc.record({
    identity: maybe(named),
    target: maybe(
      fc.record({ uri: word, params: few(fc.record({ name: word, value: maybe(word) })) }),
    ),
    sessionDescription: maybe(fc.record({ type: word, text: characters })),
    cseq: maybe(small),
  });
  const info = fc.record({
    version: small,
    state: fc.constantFrom('full', 'partial'),
    entity: word,
    dialogs: few(
      fc.record({
        id: word,
        callId: maybe(word),
        localTag: maybe(word),
        remoteTag: maybe(word),
        direction: maybe(fc.constantFrom('initiator', 'recipient')),
        state: fc.record({ value: word, event: maybe(word), code: maybe(small) }),
        duration: maybe(small),
        replaces: maybe(fc.record({ callId: word, localTag: word, remoteTag: word })),
        referredBy: maybe(named),
        routeSet: maybe(fc.record({ hops: few(word) })),
        local: maybe(participant),
        remote: maybe(participant),
      }),
    ),
  });
  fc.assert(
    fc.property(info, (parts) => {
      const body = new DialogInfoBody(parts);
      expect(body).toMatchObject(parts);
      expect(DialogInfoBody.parse(body.content)).toEqual(body);
    }),
  );
});

it('a ConferenceInfoBody is read as it was built', () => {
  const uris = few(fc.record({ uri: word, display: maybe(characters), purpose: maybe(word) }));
  const how = maybe(fc.record({ when: maybe(word), reason: maybe(characters), by: maybe(word) }));
  const info = fc.record({
    entity: word,
    state: maybe(fc.constantFrom('full', 'partial', 'deleted')),
    version: maybe(small),
    description: maybe(
      fc.record({
        display: maybe(characters),
        subject: maybe(characters),
        freeText: maybe(characters),
        keywords: maybe(word),
        conferenceURIs: uris,
        serviceURIs: uris,
        maximumUserCount: maybe(small),
        availableMedia: few(
          fc.record({ label: word, display: maybe(characters), type: word, status: maybe(word) }),
        ),
      }),
    ),
    host: maybe(fc.record({ display: maybe(characters), webPage: maybe(word), uris })),
    conferenceState: maybe(
      fc.record({
        userCount: maybe(small),
        active: maybe(fc.boolean()),
        locked: maybe(fc.boolean()),
      }),
    ),
    users: maybe(
      fc.record({
        state: maybe(word),
        users: few(
          fc.record({
            entity: maybe(word),
            associatedURIs: uris,
            roles: few(word),
            languages: maybe(word),
            endpoints: few(
              fc.record({
                entity: maybe(word),
                referred: how,
                joiningInfo: how,
                disconnectionInfo: how,
                status: maybe(word),
                media: few(fc.record({ id: word, type: maybe(word), sourceId: maybe(word) })),
                call: maybe(
                  fc.record({ callId: maybe(word), fromTag: maybe(word), toTag: maybe(word) }),
                ),
              }),
            ),
          }),
        ),
      }),
    ),
  });
  fc.assert(
    fc.property(info, (parts) => {
      const body = new ConferenceInfoBody(parts);
      expect(body).toMatchObject(parts);
      expect(ConferenceInfoBody.parse(body.content)).toEqual(body);
    }),
  );
});

const fields = few(
  fc.tuple(
    word.map((own) => `X-${own}`),
    line,
  ),
);

it('a MultipartBody is read as it was built', () => {
  const part = fc.record({ headers: fields, content: fc.uint8Array({ maxLength: 40 }) });
  const tricky = fc.record({
    headers: fc.constant([]),
    content: fc
      .array(fc.constantFrom('\r\n', '--', 'b', '--b', ' ', '\n'))
      .map((all) => all.join('')),
  });
  const parts = fc.array(fc.oneof(part, tricky), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, fc.constantFrom(undefined, 'b', 'sipx-'), (all, boundary) => {
      const body = new MultipartBody({
        parts: all.map((one) => new BodyPart(one)),
        ...(boundary !== undefined && { params: { boundary } }),
      });
      const read = parseBody({
        headers: new Headers({ 'Content-Type': body.mediaType }),
        content: body.content,
      });
      if (read.type !== 'multipart') throw new TypeError(read.type);
      expect(read.parts.map(({ headers }) => [...headers])).toEqual(
        all.map(({ headers }) => headers),
      );
      expect(read.parts.map(({ content }) => content)).toEqual(
        body.parts.map(({ content }) => content),
      );
      const again = read.with({ parts: read.parts });
      expect(again.content).toEqual(body.content);
    }),
  );
});

it('a MessageSummaryBody is read as it was built', () => {
  const summary = fc.record({
    waiting: fc.boolean(),
    account: maybe(word),
    counts: few(
      fc.record(
        {
          context: fc.constantFrom('voice-message', 'fax-message', 'none'),
          new: small,
          old: small,
          urgent: fc.record({ new: small, old: small }),
        },
        { requiredKeys: ['context', 'new', 'old'] },
      ),
    ),
    extensions: fields.map((all) => all.filter(([, value]) => !/^\d/.test(value))),
    messages: few(fields.filter((all) => all.length > 0)),
  });
  fc.assert(
    fc.property(summary, (parts) => {
      const body = new MessageSummaryBody(parts);
      expect(body).toMatchObject(parts);
      expect(MessageSummaryBody.parse(body.content)).toEqual(body);
    }),
  );
});

it('a SipFragBody is read as it was built', () => {
  const start = fc.oneof(
    fc.record({ status: fc.integer({ min: 100, max: 699 }), reason: line }),
    fc.record({ method: word, uri: word }),
  );
  fc.assert(
    fc.property(start, fields, fc.uint8Array({ maxLength: 20 }), (first, headers, octets) => {
      const read = SipFragBody.parse(
        new SipFragBody({ start: first, headers, body: octets }).content,
      );
      expect([read.start, [...read.headers], [...read.body]]).toEqual([
        first,
        headers,
        [...octets],
      ]);
    }),
  );
});

it('a TextBody is read as it was built', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !/\p{Cs}|^\ufeff/u.test(text)),
      (text) => {
        const body = new TextBody({ text });
        expect(TextBody.parse(body.content, body.mediaType).text).toBe(text);
      },
    ),
  );
});

const types = [
  'application/sdp',
  'application/xml',
  'application/pidf+xml',
  'application/dialog-info+xml',
  'application/conference-info+xml',
  'application/simple-message-summary',
  'message/sipfrag',
  'multipart/mixed;boundary=b',
  'text/plain;charset=utf-16le',
  'text/html',
  'image/png',
];
const seeds = [
  'v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=candidate:1 1 UDP 1 a 1 typ host\r\n',
  '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a"><tuple id="b">&amp;<!-- --></tuple></presence>',
  '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="a"><dialog id="1"><state>early</state></dialog></dialog-info>',
  'Messages-Waiting: yes\r\nVoice-Message: 1/2 (0/0)\r\n\r\nTo: a\r\n',
  'SIP/2.0 200 OK\r\nVia: x\r\n\r\nbody',
  '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n',
].map((text) => new TextEncoder().encode(text));

/** Everything in it, to the bottom. */
const readAll = (body: Body): void => {
  String(body);
  if (body.type === 'multipart') for (const part of body.parts) readAll(parseBody(part));
};

it('whatever the octets, a body is read or refused by a code, and written back as it was', () => {
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 4 })), {
        maxLength: 5,
      }),
    )
    .map(([seed, edits]) => {
      let bytes = [...seed];
      for (const [where, take, insert] of edits) {
        const at = where % (bytes.length + 1);
        bytes = [...bytes.slice(0, at), ...insert, ...bytes.slice(at + take)];
      }
      return Uint8Array.from(bytes);
    });
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.oneof(mutated, fc.uint8Array()), (type, content) => {
      try {
        const body = parseBody({
          headers: new Headers({ 'Content-Type': MediaType.parse(type) }),
          content,
        });
        readAll(body);
        expect(body.content).toEqual(content);
      } catch (error) {
        if (!(error instanceof SIPXError)) throw error;
        expect(error.code).toMatch(/^SIPX_(PARSE_BODY|LIMIT_BODY|PARSE_HEADER)$/);
      }
    }),
    { numRuns: 1000 },
  );
});
