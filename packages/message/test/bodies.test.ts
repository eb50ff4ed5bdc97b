import { ProtocolError } from '@sipx/contracts';
import { Response } from '@sipx/message';
import { parseBody, RawBody, SDPBody } from '@sipx/message/bodies';
import { describe, expect, it } from 'vitest';

const sdp = [
  'v=0',
  'o=alice 18446744073709551615 2 IN IP4 192.0.2.1',
  's=A call',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'a=sendonly',
  'm=audio 49170 RTP/AVP 96 0 8 101 77',
  'a=rtpmap:96 opus/48000/2',
  'a=fmtp:96 useinbandfec=1',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=ptime:20',
  'a=x-own:kept',
  'm=video 0 RTP/AVP 31',
  'c=IN IP6 2001:db8::1',
  'a=recvonly',
  'm=image 5000 udptl t38',
  '',
].join('\r\n');

describe('SDPBody', () => {
  it('reads the session', () => {
    const body = SDPBody.parse(sdp);
    expect(body.origin).toEqual({
      username: 'alice',
      sessionId: '18446744073709551615',
      sessionVersion: '2',
      address: '192.0.2.1',
    });
    expect([body.name, body.connection]).toEqual(['A call', { family: 4, address: '192.0.2.1' }]);
  });

  it('reads the media, with what they inherit', () => {
    expect(SDPBody.parse(new TextEncoder().encode(sdp)).media).toEqual([
      {
        type: 'audio',
        port: 49_170,
        protocol: 'RTP/AVP',
        address: '192.0.2.1',
        direction: 'sendonly',
        packetTime: 20,
        codecs: [
          {
            payloadType: 96,
            name: 'opus',
            clockRate: 48_000,
            channels: 2,
            parameters: 'useinbandfec=1',
          },
          { payloadType: 0, name: 'PCMU', clockRate: 8_000 },
          { payloadType: 8, name: 'PCMA', clockRate: 8_000 },
          { payloadType: 101, name: 'telephone-event', clockRate: 8_000, parameters: '0-16' },
          { payloadType: 77, name: '', clockRate: 0 },
        ],
      },
      {
        type: 'video',
        port: 0,
        protocol: 'RTP/AVP',
        address: '2001:db8::1',
        direction: 'recvonly',
        packetTime: undefined,
        codecs: [{ payloadType: 31, name: '', clockRate: 0 }],
      },
      {
        type: 'image',
        port: 5_000,
        protocol: 'udptl',
        address: '192.0.2.1',
        direction: 'sendonly',
        packetTime: undefined,
        codecs: [],
      },
    ]);
  });

  it('is sendrecv when nobody says', () => {
    expect(SDPBody.parse(sdp.replace('a=sendonly\r\n', '')).media[0]?.direction).toBe('sendrecv');
  });

  it('writes back what it read', () => {
    expect(String(SDPBody.parse(sdp))).toBe(sdp);
  });

  it.each([
    '',
    'hello',
    'v=0\r\n',
    sdp.replace('v=0', 'v=1'),
    sdp.replace('49170', '70000'),
    sdp.replace('m=audio 49170', 'm=audio'),
  ])('refuses %j', (text) => {
    expect(() => SDPBody.parse(text)).toThrow(ProtocolError);
  });
});

describe('parseBody', () => {
  const respond = (type: string | undefined, body: string): Response =>
    new Response({ status: 200, body, ...(type && { headers: { 'Content-Type': type } }) });

  it('goes by the Content-Type', () => {
    expect(parseBody(respond('Application/SDP;charset=utf-8', sdp))).toBeInstanceOf(SDPBody);
    const raw = parseBody(respond('text/plain', 'né'));
    expect(raw).toBeInstanceOf(RawBody);
    expect([String(raw), raw instanceof RawBody && raw.mediaType?.essence]).toEqual([
      'né',
      'text/plain',
    ]);
  });

  it('gives an empty body, and one without a type, as it is', () => {
    expect(parseBody(respond('application/sdp', ''))).toBeInstanceOf(RawBody);
    expect(parseBody(respond(undefined, sdp))).toMatchObject({ mediaType: undefined });
  });

  it('refuses a body that is not what it says', () => {
    expect(() => parseBody(respond('application/sdp', 'hello'))).toThrow(
      expect.objectContaining({ code: 'SIPX_PARSE_BODY' }),
    );
  });
});
