import { MediaType, Request } from '@sipx/message';
import {
  type Body,
  BodyPart,
  MultipartBody,
  parseBody,
  PIDFBody,
  SDPBody,
  TextBody,
} from '@sipx/message/bodies';
import { describe, expect, it } from 'vitest';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const mixed = (boundary: string): MediaType => new MediaType('multipart', 'mixed', { boundary });
const parse = (text: string, boundary = 'b'): MultipartBody =>
  MultipartBody.parse(octets(text), mixed(boundary));
const contents = (body: MultipartBody): string[] =>
  body.parts.map(({ content }) => new TextDecoder().decode(content));
const bodyFault = (code: string): unknown =>
  expect.objectContaining({ name: 'ProtocolError', code });

const sdp = 'v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const pidf = '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"/>';

describe('MultipartBody', () => {
  const text = [
    'This is the preamble.',
    '--b',
    'content-type: application/sdp',
    'Content-Disposition: session;',
    '  handling=required',
    '',
    `${sdp}`,
    '--b \t',
    'Content-Type: application/pidf+xml',
    'Content-ID: <here@example.com>',
    '',
    `${pidf}`,
    '--b',
    '',
    '\u00e9 without a type',
    '--b',
    'X-Own: a head alone',
    '--b--  ',
    'This is the epilogue.',
    '--b',
  ].join('\r\n');

  it('reads the parts, each with headers of its own', () => {
    const body = parse(text);
    expect(body.type).toBe('multipart');
    expect(contents(body)).toEqual([sdp, pidf, '\u00e9 without a type', '']);
    expect(body.parts.map((part) => [...part.headers])).toEqual([
      [
        ['content-type', 'application/sdp'],
        ['Content-Disposition', 'session; handling=required'],
      ],
      [
        ['Content-Type', 'application/pidf+xml'],
        ['Content-ID', '<here@example.com>'],
      ],
      [],
      [['X-Own', 'a head alone']],
    ]);
    expect(body.parts.map((part) => parseBody(part).type)).toEqual(['sdp', 'pidf', 'raw', 'raw']);
    expect(body.find('application/sdp')).toBe(body.parts[0]);
    expect(body.find('text/plain')).toBeUndefined();
  });

  it('finds parts by their Content-ID', () => {
    const body = parse(text);
    expect(body.parts[1]?.contentId).toBe('here@example.com');
    for (const id of ['here@example.com', '<here@example.com>', 'cid:here%40example.com']) {
      expect(body.part(id)).toBe(body.parts[1]);
    }
    expect(body.part('cid:%')).toBeUndefined();
    expect(body.root).toBe(body.parts[0]);
    const related = body.with({ subtype: 'related', params: { start: '<here@example.com>' } });
    expect(related.root?.contentId).toBe('here@example.com');
    expect(related.mediaType.essence).toBe('multipart/related');
  });

  it('writes back what it read', () => {
    const bytes = octets(text);
    const body = MultipartBody.parse(bytes, mixed('b'));
    expect(body.content).toBe(bytes);
    expect(String(body)).toBe(text);
  });

  it('writes the parts that have not changed as they were', () => {
    const body = parse(text);
    const [first, ...others] = body.parts;
    const changed = body.with({
      parts: [...others, ...(first ? [first.with({ content: 'new' })] : [])],
    });
    expect(changed.mediaType).toEqual(body.mediaType);
    expect(contents(MultipartBody.parse(changed.content, changed.mediaType))).toEqual([
      pidf,
      '\u00e9 without a type',
      '',
      'new',
    ]);
    expect(String(changed)).toContain('Content-ID: <here@example.com>\r\n\r\n');
    expect(changed.parts.at(-1)?.headers.raw('Content-Disposition')).toBe(
      'session; handling=required',
    );
  });

  it('is built from parts and carried by a message', () => {
    const body = new MultipartBody({
      parts: [
        BodyPart.of(SDPBody.parse(sdp), { 'Content-Disposition': 'session' }),
        BodyPart.of(new PIDFBody({ entity: 'pres:a@b' }), { 'Content-ID': '<l@b>' }),
        new BodyPart({ content: Uint8Array.of(0, 255, 13, 10, 45, 45) }),
      ],
    });
    const invite = new Request({
      method: 'INVITE',
      uri: 'sip:b@b',
      headers: { 'Content-Type': body.mediaType },
      body: body.content,
    });
    const read = parseBody(invite);
    if (read.type !== 'multipart') throw new TypeError(read.type);
    expect(read.mediaType).toEqual(body.mediaType);
    expect(read.parts.map((part) => parseBody(part).type)).toEqual(['sdp', 'pidf', 'raw']);
    expect([...(read.parts[2]?.content ?? [])]).toEqual([0, 255, 13, 10, 45, 45]);
    expect(new MultipartBody({ parts: body.parts }).content).toEqual(body.content);
  });

  it('is nested', () => {
    const inner = new MultipartBody({
      subtype: 'alternative',
      parts: [
        BodyPart.of(new TextBody({ text: 'plain' })),
        BodyPart.of(new TextBody({ text: 'rich' })),
      ],
    });
    const outer = new MultipartBody({
      parts: [BodyPart.of(inner), BodyPart.of(SDPBody.parse(sdp))],
    });
    const read = MultipartBody.parse(outer.content, outer.mediaType);
    const within: Body | undefined = read.parts[0] && parseBody(read.parts[0]);
    if (within?.type !== 'multipart') throw new TypeError(within?.type);
    expect(within.mediaType.essence).toBe('multipart/alternative');
    expect(contents(within)).toEqual(['plain', 'rich']);
    expect([read.parts[0]?.depth, within.parts[0]?.depth]).toEqual([1, 2]);
  });

  it('takes another boundary than one that is in a part', () => {
    const parts = [new BodyPart({ content: 'x\r\n--b\r\ny' })];
    const body = new MultipartBody({ parts, params: { Boundary: 'b', start: 'x' } });
    expect(body.mediaType.params.get('boundary')).not.toBe('b');
    expect(body.mediaType.params.get('start')).toBe('x');
    expect(contents(MultipartBody.parse(body.content, body.mediaType))).toEqual(['x\r\n--b\r\ny']);
    const again = new MultipartBody({ parts: [BodyPart.of(body), BodyPart.of(body)] });
    expect(again.mediaType).not.toEqual(body.mediaType);
  });

  it.each([
    ['a line that only begins with it', '--b\r\n\r\n--bc\r\n--b--', ['--bc']],
    ['a close that only begins with it', '--b\r\n\r\n--b--x\r\n--b--', ['--b--x']],
    ['a line that holds it', '--b\r\n\r\nx --b\r\n--b--', ['x --b']],
    ['a line after LF alone', '--b\r\n\r\nx\n--b\ny\r\n--b--', ['x\n--b\ny']],
    ['a line after CR alone', '--b\r\n\r\nx\r--b\r\n--b--', ['x\r--b']],
    ['one after another', '--b\r\n--b\r\n\r\n--b--', ['', '']],
    ['an empty part', '--b\r\n\r\n\r\n--b--', ['']],
    ['an empty head and line ends', '--b\r\n\r\n\r\n\r\n\r\n--b--', ['\r\n\r\n']],
    ['what is behind the close', '--b\r\n\r\nx\r\n--b--\r\n--b\r\n\r\ny\r\n--b--', ['x']],
    ['what is before the first', 'x--b\r\n--b\r\n\r\ny\r\n--b--', ['y']],
  ])('is not misled by %s', (_, content, expected) => {
    expect(contents(parse(content))).toEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['no boundary in it', 'hello'],
    ['no close', '--b\r\n\r\nx\r\n'],
    ['a close alone', '--b--'],
    ['a head that is none', '--b\r\nhello\r\n\r\nx\r\n--b--'],
    ['a head that begins with a fold', '--b\r\n hello: x\r\n\r\nx\r\n--b--'],
    ['a CR in a head', '--b\r\na: b\rc: d\r\n\r\nx\r\n--b--'],
    ['a NUL in a head', '--b\r\na: \0\r\n\r\nx\r\n--b--'],
  ])('refuses %s', (_, content) => {
    expect(() => parse(content)).toThrow(bodyFault('SIPX_PARSE_BODY'));
  });

  it.each(['', 'x'.repeat(71), 'b ', 'b\r\n', '\u00e9'])('refuses the boundary %j', (boundary) => {
    const mediaType = { ...mixed('b'), params: new Map([['boundary', boundary]]) };
    const asked = Object.assign(Object.create(MediaType.prototype) as MediaType, mediaType);
    expect(() =>
      MultipartBody.parse(octets(`--${boundary}\r\n\r\nx\r\n--${boundary}--`), asked),
    ).toThrow(bodyFault('SIPX_PARSE_BODY'));
  });

  it('has bounds', () => {
    const parts = (count: number): string => `${'--b\r\n\r\nx\r\n'.repeat(count)}--b--`;
    expect(parse(parts(256)).parts).toHaveLength(256);
    expect(() => parse(parts(257))).toThrow(bodyFault('SIPX_LIMIT_BODY'));
    const heads = (count: number): string => `--b\r\n${'a: b\r\n'.repeat(count)}\r\nx\r\n--b--`;
    expect(parse(heads(256)).parts[0]?.headers.size).toBe(256);
    expect(() => parse(heads(257))).toThrow(bodyFault('SIPX_LIMIT_BODY'));
  });

  it('does not write what would break out', () => {
    expect(() => new MultipartBody({ parts: [] })).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE' }),
    );
    expect(() => new BodyPart({ headers: { 'X-Own': 'a\r\nb: c' }, content: '' })).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE_HEADER' }),
    );
  });
});
