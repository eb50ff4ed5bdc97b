import { Headers, MediaType, parseMessage, Request, Response, serialize } from '@sipx/message';
import {
  type Body,
  BodyParser,
  BodyPart,
  MultipartBody,
  parseBody,
  SDPBody,
} from '@sipx/message/bodies';
import { describe, expect, it } from 'vitest';

const sdp = 'v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const pidf = '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"/>';
const dialogs =
  '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:a@b"/>';
const conference =
  '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:c@b"/>';

const respond = (type: string | undefined, body: string | Uint8Array): Response =>
  new Response({
    status: 200,
    body,
    ...(type !== undefined && { headers: { 'Content-Type': type } }),
  });

const cases: readonly (readonly [Body['type'], type: string | undefined, body: string])[] = [
  ['sdp', 'application/sdp', sdp],
  ['sdp', 'Application/SDP;charset=utf-8', sdp],
  ['pidf', 'application/pidf+xml', pidf],
  ['dialog-info', 'application/dialog-info+xml', dialogs],
  ['conference-info', 'application/conference-info+xml', conference],
  ['xml', 'application/xml', '<a/>'],
  ['xml', 'text/xml', '<a/>'],
  ['xml', 'application/resource-lists+xml', '<a/>'],
  ['multipart', 'multipart/mixed;boundary=b', '--b\r\n\r\nx\r\n--b--\r\n'],
  ['multipart', 'multipart/x-own; boundary="b c"', '--b c\r\n\r\nx\r\n--b c--'],
  ['text', 'text/plain', 'n\u00e9'],
  ['text', 'text/x-own;charset=UTF-8', 'n\u00e9'],
  ['html', 'text/html', '<p>'],
  ['message-summary', 'application/simple-message-summary', 'Messages-Waiting: no\r\n'],
  ['sipfrag', 'message/sipfrag;version=2.0', 'SIP/2.0 200 OK\r\n'],
  ['raw', 'application/octet-stream', 'x'],
  ['raw', 'text/plain;charset=x-unknown', 'x'],
  ['raw', undefined, sdp],
  ['raw', 'application/sdp', ''],
];

describe('parseBody', () => {
  it.each(cases)('gives a body of type %s for %s', (type, mediaType, text) => {
    const message = respond(mediaType, text);
    const body = parseBody(message);
    expect(body.type).toBe(type);
    expect(body.content).toEqual(message.content);
    expect(String(body)).toBe(text);
    expect(body.mediaType?.essence).toBe(message.headers.get('Content-Type')?.essence);
  });

  it('is pure: the same octets give the same body, which is another', () => {
    const message = respond('application/sdp', sdp);
    const before = serialize(message);
    expect(parseBody(message)).toEqual(parseBody(message));
    expect(parseBody(message)).not.toBe(parseBody(message));
    expect(serialize(message)).toEqual(before);
  });

  it.each([
    ['application/sdp', 'hello'],
    ['application/xml', '<a>'],
    ['application/pidf+xml', '<a/>'],
    ['application/dialog-info+xml', pidf],
    ['application/conference-info+xml', pidf],
    ['multipart/mixed', '--b\r\n\r\nx\r\n--b--\r\n'],
    ['application/simple-message-summary', 'Voice-Message: 1/0\r\n'],
    ['message/sipfrag', 'hello'],
  ])('refuses what says %s and is %j', (type, body) => {
    expect(() => parseBody(respond(type, body))).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'SIPX_PARSE_BODY' }),
    );
  });

  it('refuses a malformed Content-Type', () => {
    expect(() => parseBody(respond('sdp', sdp))).toThrow(
      expect.objectContaining({ code: 'SIPX_PARSE_HEADER' }),
    );
  });

  it('leaves an encoded body as it is', () => {
    const headers = new Headers({ 'Content-Type': 'application/sdp', 'Content-Encoding': 'gzip' });
    expect(parseBody({ headers, content: new Uint8Array([31, 139]) }).type).toBe('raw');
    headers.set('Content-Encoding', 'identity');
    expect(parseBody({ headers, content: new TextEncoder().encode(sdp) }).type).toBe('sdp');
  });

  it.each([
    ['base64', btoa(sdp).replace(/.{60}/g, '$&\r\n'), sdp],
    ['Quoted-Printable', sdp.replaceAll('=', '=3D').replace('IN', 'I=\r\nN'), sdp],
    ['8bit', sdp, sdp],
  ])('undoes the transfer encoding %s', (encoding, text, expected) => {
    const headers = new Headers({
      'Content-Type': 'application/sdp',
      'Content-Transfer-Encoding': encoding,
    });
    expect(String(parseBody({ headers, content: new TextEncoder().encode(text) }))).toBe(expected);
  });

  it('leaves an unknown transfer encoding, and refuses base64 that is none', () => {
    const headers = new Headers({ 'Content-Type': 'text/plain', 'Content-Transfer-Encoding': 'x' });
    const content = new TextEncoder().encode('ab=');
    expect(parseBody({ headers, content }).type).toBe('raw');
    headers.set('Content-Transfer-Encoding', 'base64');
    expect(() => parseBody({ headers, content })).toThrow(
      expect.objectContaining({ code: 'SIPX_PARSE_BODY' }),
    );
  });

  it('reads what comes off the wire', () => {
    const invite = new Request({
      method: 'INVITE',
      uri: 'sip:b@b',
      headers: { 'Content-Type': 'application/sdp' },
      body: sdp,
    });
    const body = parseBody(parseMessage(serialize(invite)));
    expect(body instanceof SDPBody && body.media[0]?.port).toBe(4000);
  });
});

describe('BodyParser', () => {
  const nested = (depth: number): MultipartBody =>
    new MultipartBody({
      parts: [depth === 0 ? new BodyPart({ content: 'x' }) : BodyPart.of(nested(depth - 1))],
    });
  const depthOf = (body: Body, parser: BodyParser): number =>
    body.type === 'multipart'
      ? 1 + Math.max(...body.parts.map((p) => depthOf(parser.parse(p), parser)))
      : 0;

  it('has limits of its own', () => {
    const parser = new BodyParser({ elements: 1, parts: 1, multiparts: 2, size: 400 });
    const parse = (type: string, body: string | Uint8Array): Body =>
      parser.parse(respond(type, body));
    const outer = nested(1);
    expect(depthOf(parse(String(outer.mediaType), outer.content), parser)).toBe(2);
    const tooDeep = nested(2);
    const limit = expect.objectContaining({ name: 'ProtocolError', code: 'SIPX_LIMIT_BODY' });
    expect(() => depthOf(parse(String(tooDeep.mediaType), tooDeep.content), parser)).toThrow(limit);
    expect(parse('text/xml', '<a/>').type).toBe('xml');
    expect(() => parse('text/xml', '<a><b/></a>')).toThrow(limit);
    expect(() => parse('text/xml', `<a>${'b'.repeat(400)}</a>`)).toThrow(limit);
    const two = new MultipartBody({ parts: [nested(0), nested(0)].map((one) => BodyPart.of(one)) });
    expect(() => parse(String(two.mediaType), two.content)).toThrow(limit);
    expect(() => parse('multipart/mixed;boundary=b', '-'.repeat(401))).toThrow(limit);
  });

  it('has the limits of parseBody without', () => {
    expect(new BodyParser().parse(respond('text/xml', '<a><b/></a>')).mediaType).toEqual(
      new MediaType('text', 'xml'),
    );
  });
});
