import { SIPXError } from '@sipx/contracts';
import { Headers } from '@sipx/message';
import { type Body, BodyParser, BodyPart, MultipartBody, XMLBody } from '@sipx/message/bodies';
import { describe, expect, it } from 'vitest';

/* What a peer may send to make a reader work long, or read what is not there. */

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const limits = { size: 1 << 24, elements: 1 << 20, attributes: 256, parts: 1 << 20, multiparts: 8 };
const parser = new BodyParser(limits);
const parse = (type: string, content: Uint8Array): Body =>
  parser.parse({ headers: new Headers({ 'Content-Type': type }), content });
const bodyFault = (code: string): unknown =>
  expect.objectContaining({ name: 'ProtocolError', code });

describe('XML', () => {
  const lol = [
    '<!DOCTYPE lolz [<!ENTITY lol "lol">',
    ...Array.from(
      { length: 9 },
      (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n || ''};`.repeat(10)}">`,
    ),
    ']><lolz>&lol9;</lolz>',
  ].join('\n');

  it.each([
    ['a bomb of entities', lol],
    ['an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://a/b"> %b;]><a/>'],
    ['an external subset', '<!DOCTYPE a SYSTEM "http://a/b"><a/>'],
    ['a DOCTYPE behind the root', '<a/><!DOCTYPE a>'],
    [
      'a DOCTYPE behind what looks like a comment',
      '<?a <!-- ?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a><!-- -->',
    ],
    ['an entity of nobody', '<a>&b;</a>'],
  ])('refuses %s', (_, text) => {
    expect(() => XMLBody.parse(text)).toThrow(bodyFault('SIPX_PARSE_BODY'));
  });

  it('takes no end of an instruction for another', () => {
    const { root } = XMLBody.parse(`<a><?a "?><b x='"?>'/><c/></a>`);
    expect(root.children.map((child) => typeof child !== 'string' && child.name)).toEqual([
      'b',
      'c',
    ]);
  });

  it('gives no object but its own', () => {
    const { root } = XMLBody.parse('<a><toString x="1"/><b valueOf="2" hasOwnProperty="3"/></a>');
    const read = root.children.map((child) =>
      typeof child === 'string' ? child : [child.name, Object.entries(child.attributes)],
    );
    expect(read).toEqual([
      ['toString', [['x', '1']]],
      [
        'b',
        [
          ['valueOf', '2'],
          ['hasOwnProperty', '3'],
        ],
      ],
    ]);
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect(() => XMLBody.parse(`<a ${name}="1"/>`)).toThrow(bodyFault('SIPX_PARSE_BODY'));
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('has a bound on its depth, its width and its size', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
    expect(XMLBody.parse(nested(64)).root.name).toBe('a');
    expect(() => XMLBody.parse(nested(65))).toThrow(bodyFault('SIPX_LIMIT_BODY'));
    // Without its ends too, and before anything is made of it.
    expect(() => XMLBody.parse('<a>'.repeat(80_000))).toThrow(bodyFault('SIPX_LIMIT_BODY'));
    const wide = (count: number): string =>
      `<a${Array.from({ length: count }, (_, n) => ` a${n}=""`).join('')}/>`;
    expect(Object.keys(XMLBody.parse(wide(256)).root.attributes)).toHaveLength(256);
    expect(() => XMLBody.parse(wide(257))).toThrow(bodyFault('SIPX_LIMIT_BODY'));
    expect(() => XMLBody.parse(`<a>${' '.repeat(262_144)}</a>`)).toThrow(
      bodyFault('SIPX_LIMIT_BODY'),
    );
  });
});

it('a multipart body has a bound on how deep it is', () => {
  let body = new MultipartBody({ parts: [new BodyPart({ content: 'x' })] });
  const open = (one: Body): Body => {
    const [first] = one.type === 'multipart' ? one.parts : [];
    return first ? open(parser.parse(first)) : one;
  };
  for (let depth = 1; depth < 8; depth += 1)
    body = new MultipartBody({ parts: [BodyPart.of(body)] });
  expect(open(parse(String(body.mediaType), body.content)).type).toBe('raw');
  body = new MultipartBody({ parts: [BodyPart.of(body)] });
  expect(() => open(parse(String(body.mediaType), body.content))).toThrow(
    bodyFault('SIPX_LIMIT_BODY'),
  );
});

const once = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

/** Octets of the small one, and how many of it are as much as the large one. */
const SIZE = 4_000;
const TIMES = 16;

/**
 * How many times as long one large body takes as its size in small ones: about 1 in linear time, 16 in quadratic.
 * The bodies are kept, so that the heap costs both the same. The least of five runs counts, since whatever else the
 * machine does only adds. `pnpm fuzz` measures finer, on a machine of its own.
 */
const overLinear = <T>(small: () => T, large: () => T): number => {
  const kept: T[] = [];
  const many = (): void => {
    for (let each = 0; each < TIMES; each += 1) kept.push(small());
    kept.length = 0;
  };
  let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < 5; run += 1) {
    least = Math.min(least, once(many));
    most = Math.min(most, once(large));
  }
  return most / least;
};

/** What comes of it: bodies, or the code of the fault. */
const outcome = (type: string, content: Uint8Array): readonly [string, ...Body[]] => {
  try {
    const body = parse(type, content);
    const more =
      body.type === 'multipart'
        ? body.parts.map((part) => parser.parse(part))
        : body.type === 'sdp'
          ? [body.with({ media: body.media.map((one) => ({ ...one })) })]
          : body.type === 'xml'
            ? [body.with({ root: { ...body.root } })]
            : [];
    return [body.type, body, ...more];
  } catch (error) {
    if (error instanceof SIPXError) return [error.code];
    throw error;
  }
};

const sdp = 'v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n';
const numbered = (size: number, write: (n: number) => string): string => {
  const pieces: string[] = [];
  for (let length = 0, n = 0; length < size; n += 1) {
    const piece = write(n);
    pieces.push(piece);
    length += piece.length;
  }
  return pieces.join('');
};

describe('time grows with the input, not with its square', () => {
  it.each<[name: string, type: string, expected: string, make: (size: number) => string]>([
    ['XML elements', 'text/xml', 'xml', (n) => `<a>${'<b/>'.repeat(n / 4)}</a>`],
    ['XML depth', 'text/xml', 'SIPX_PARSE_BODY', (n) => '<a>'.repeat(n / 3)],
    [
      'XML attributes',
      'text/xml',
      'xml',
      (n) => `<a>${`<b${numbered(900, (at) => ` a${at}="b"`)}/>`.repeat(n / 900)}</a>`,
    ],
    [
      'XML namespaces',
      'text/xml',
      'xml',
      (n) =>
        `<a>${`<b${numbered(900, (at) => ` xmlns:a${at}="b${at}" a${at}:x=""`)}/>`.repeat(n / 900)}</a>`,
    ],
    [
      'XML namespaces of siblings',
      'text/xml',
      'xml',
      (n) =>
        `<a${numbered(900, (at) => ` xmlns:a${at}="b${at}"`)}>${numbered(n - 900, (at) => `<b xmlns:c="c${at}"/>`)}</a>`,
    ],
    [
      'XML white space in a tag',
      'text/xml',
      'xml',
      (n) => `<a${' '.repeat(n)}b = "1"${' '.repeat(n)}/>`,
    ],
    [
      'XML white space before an end',
      'text/xml',
      'SIPX_PARSE_BODY',
      (n) => `<a b${' '.repeat(n)}/>`,
    ],
    ['XML references', 'text/xml', 'xml', (n) => `<a>${'&amp;'.repeat(n / 5)}</a>`],
    ['XML ampersands', 'text/xml', 'SIPX_PARSE_BODY', (n) => `<a>${'&'.repeat(n)}</a>`],
    ['XML comments', 'text/xml', 'xml', (n) => `<a>${'x<!---->'.repeat(n / 8)}</a>`],
    [
      'XML comments without end',
      'text/xml',
      'SIPX_PARSE_BODY',
      (n) => `<a>${'<!- '.repeat(n / 4)}</a>`,
    ],
    ['XML CDATA', 'text/xml', 'xml', (n) => `<a>${'<![CDATA[<]]>'.repeat(n / 13)}</a>`],
    ['XML instructions', 'text/xml', 'xml', (n) => `<a>${'<?a b?>'.repeat(n / 7)}</a>`],
    ['XML quotes', 'text/xml', 'SIPX_PARSE_BODY', (n) => `<a ${`b="'`.repeat(n / 4)}/>`],
    ['XML brackets', 'text/xml', 'SIPX_PARSE_BODY', (n) => `<a>${']]'.repeat(n / 2)}>`],
    ['XML long names', 'text/xml', 'SIPX_PARSE_BODY', (n) => `<${'a'.repeat(n)}:${'b'.repeat(n)}:`],
    [
      'multipart boundaries',
      'multipart/mixed;boundary=b',
      'multipart',
      (n) => `${'--b\r\n\r\n\r\n'.repeat(n / 9)}--b--`,
    ],
    [
      'multipart boundaries that are none',
      'multipart/mixed;boundary=b',
      'SIPX_PARSE_BODY',
      (n) => '\r\n--bx'.repeat(n / 6),
    ],
    [
      'multipart boundaries without close',
      'multipart/mixed;boundary=b',
      'SIPX_PARSE_BODY',
      (n) => '--b\r\n'.repeat(n / 5),
    ],
    [
      'multipart boundaries of hyphens',
      'multipart/mixed;boundary=--',
      'SIPX_PARSE_BODY',
      (n) => '-'.repeat(n),
    ],
    [
      'multipart padding',
      'multipart/mixed;boundary=b',
      'SIPX_PARSE_BODY',
      (n) => `\r\n--b${' '.repeat(n)}x`,
    ],
    [
      'multipart folds',
      'multipart/mixed;boundary=b',
      'multipart',
      (n) => `--b\r\na: b${'\r\n c'.repeat(n / 4)}\r\n\r\n--b--`,
    ],
    [
      'SDP attributes',
      'application/sdp',
      'sdp',
      (n) => `${sdp}m=audio 1 RTP/AVP 0\r\n${'a=x\r\n'.repeat(n / 5)}`,
    ],
    [
      'SDP candidates',
      'application/sdp',
      'sdp',
      (n) =>
        `${sdp}m=audio 1 RTP/AVP 0\r\n${'a=candidate:1 1 UDP 1 a 1 typ host\r\n'.repeat(n / 37)}`,
    ],
    [
      'SDP rtpmaps',
      'application/sdp',
      'sdp',
      (n) =>
        `${sdp}m=audio 1 RTP/AVP ${'96 '.repeat(n / 30)}\r\n${'a=rtpmap:96 x/8000\r\n'.repeat(n / 20)}`,
    ],
    [
      'SDP media',
      'application/sdp',
      'sdp',
      (n) => `${sdp}${'m=audio 1 RTP/AVP 0\r\n'.repeat(n / 21)}`,
    ],
    [
      'SDP spaces',
      'application/sdp',
      'sdp',
      (n) => `${sdp}m=audio 1 RTP/AVP 0${' '.repeat(n)}\r\na=rtpmap:0 x${' '.repeat(n)}y\r\n`,
    ],
    [
      'SDP ptimes',
      'application/sdp',
      'sdp',
      (n) => `${sdp}m=audio 1 RTP/AVP 0\r\na=ptime:${'1.'.repeat(n / 2)}x\r\n`,
    ],
    [
      'summaries',
      'application/simple-message-summary',
      'message-summary',
      (n) => `Messages-Waiting: no\r\n${'\r\na: b\r\n'.repeat(n / 8)}`,
    ],
    [
      'summary spaces',
      'application/simple-message-summary',
      'message-summary',
      (n) => `Messages-Waiting: no\r\na: 1/1${' '.repeat(n)}x\r\n`,
    ],
    [
      'fragments',
      'message/sipfrag',
      'sipfrag',
      (n) => `SIP/2.0 200 OK\r\na: b${'\r\n c'.repeat(n / 4)}\r\n`,
    ],
  ])('%s', (_, type, expected, make) => {
    const [content, more] = [octets(make(SIZE)), octets(make(SIZE * TIMES))];
    expect([outcome(type, content)[0], outcome(type, more)[0]]).toEqual([expected, expected]);
    const measured = overLinear(
      () => outcome(type, content),
      () => outcome(type, more),
    );
    expect(measured).toBeLessThan(TIMES / 2);
  });
});
