import { ProtocolError, UsageError } from '@sipx/contracts';
import { SDPBody, type SDPMediaParts } from '@sipx/message/bodies/sdp';
import { describe, expect, it } from 'vitest';

const sdp = [
  'v=0',
  'o=alice 18446744073709551615 2 IN IP4 192.0.2.1',
  's=A call',
  'i=About the call',
  'u=http://example.com/call',
  'e=alice@example.com',
  'p=+1 555 0100',
  'c=IN IP4 192.0.2.1',
  'b=AS:128',
  't=0 0',
  'r=7d 1h 0',
  'z=0 0',
  'k=prompt',
  'a=sendonly',
  'a=group:BUNDLE a v',
  'a=ice-lite',
  'a=ice-options:trickle rtp+ecn',
  'a=fingerprint:sha-256 AB:CD',
  'a=setup:actpass',
  'a=tool:own 1',
  'm=audio 49170 RTP/SAVP 96 0 8 101 77',
  'a=rtpmap:96 opus/48000/2',
  'a=fmtp:96 useinbandfec=1; minptime=10',
  'a=rtcp-fb:96 nack',
  'a=rtcp-fb:* ccm fir',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=rtpmap:99 other/8000',
  'a=ptime:20',
  'a=maxptime:60',
  'a=mid:a',
  'a=rtcp:49171 IN IP4 192.0.2.9',
  'a=rtcp-mux',
  'a=ice-ufrag:F7gI',
  'a=ice-pwd:x9cml/YzichV2+XlhiMu8g',
  'a=candidate:1 1 UDP 2113667327 192.0.2.1 54400 typ host',
  'a=candidate:2 1 tcp 1518280447 192.0.2.3 9 typ srflx raddr 10.0.0.1 rport 60017 tcptype active generation 0',
  'a=candidate:odd',
  'a=end-of-candidates',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVe|2^20|1:32 UNENCRYPTED_SRTCP KDR=1',
  'a=x-own:kept',
  'm=video 0/2 RTP/AVP 31',
  'c=IN IP6 2001:db8::1',
  'c=IN IP6 2001:db8::2',
  'a=recvonly',
  'a=setup:passive',
  'm=x-image 5000 udptl t38',
  '',
].join('\r\n');

const origin = { username: '-', sessionId: '1', sessionVersion: '1', address: '192.0.2.1' };
describe('SDPBody', () => {
  it('reads the session', () => {
    expect(SDPBody.parse(sdp)).toMatchObject({
      type: 'sdp',
      origin: {
        username: 'alice',
        sessionId: '18446744073709551615',
        sessionVersion: '2',
        address: '192.0.2.1',
      },
      name: 'A call',
      information: 'About the call',
      uri: 'http://example.com/call',
      emails: ['alice@example.com'],
      phones: ['+1 555 0100'],
      connection: { family: 4, address: '192.0.2.1' },
      bandwidths: [{ type: 'AS', limit: 128 }],
      times: [{ start: '0', stop: '0', repeats: ['7d 1h 0'] }],
      timeZones: '0 0',
      direction: 'sendonly',
      groups: [{ semantics: 'BUNDLE', mids: ['a', 'v'] }],
      iceLite: true,
      ice: undefined,
      iceOptions: ['trickle', 'rtp+ecn'],
      fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }],
      setup: 'actpass',
      attributes: [{ name: 'tool', value: 'own 1' }],
      otherLines: ['k=prompt'],
    });
  });

  it('reads the media, with what they inherit', () => {
    const [audio, video, image] = SDPBody.parse(new TextEncoder().encode(sdp)).media;
    const none = {
      information: undefined,
      bandwidths: [],
      formats: [],
      portCount: undefined,
      family: undefined,
      iceOptions: ['trickle', 'rtp+ecn'],
      fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }],
      packetTime: undefined,
      maxPacketTime: undefined,
      mid: undefined,
      rtcp: undefined,
      rtcpMux: false,
      ice: undefined,
      candidates: [],
      endOfCandidates: false,
      crypto: [],
      attributes: [],
      otherLines: [],
      codecs: [],
    };
    expect(audio).toEqual({
      ...none,
      type: 'audio',
      port: 49_170,
      protocol: 'RTP/SAVP',
      address: '192.0.2.1',
      direction: 'sendonly',
      setup: 'actpass',
      packetTime: 20,
      maxPacketTime: 60,
      mid: 'a',
      rtcp: { port: 49_171, address: '192.0.2.9' },
      rtcpMux: true,
      ice: { ufrag: 'F7gI', password: 'x9cml/YzichV2+XlhiMu8g' },
      candidates: [
        {
          foundation: '1',
          component: 1,
          transport: 'UDP',
          priority: 2_113_667_327,
          address: '192.0.2.1',
          port: 54_400,
          type: 'host',
        },
        {
          foundation: '2',
          component: 1,
          transport: 'tcp',
          priority: 1_518_280_447,
          address: '192.0.2.3',
          port: 9,
          type: 'srflx',
          relatedAddress: '10.0.0.1',
          relatedPort: 60_017,
          extensions: [
            { name: 'tcptype', value: 'active' },
            { name: 'generation', value: '0' },
          ],
        },
      ],
      endOfCandidates: true,
      crypto: [
        {
          tag: '1',
          suite: 'AES_CM_128_HMAC_SHA1_80',
          keys: 'inline:PS1uQCVe|2^20|1:32',
          parameters: 'UNENCRYPTED_SRTCP KDR=1',
        },
      ],
      codecs: [
        {
          payloadType: 96,
          name: 'opus',
          clockRate: 48_000,
          channels: 2,
          parameters: 'useinbandfec=1; minptime=10',
          feedback: ['nack'],
        },
        { payloadType: 0, name: 'PCMU', clockRate: 8_000 },
        { payloadType: 8, name: 'PCMA', clockRate: 8_000 },
        { payloadType: 101, name: 'telephone-event', clockRate: 8_000, parameters: '0-16' },
        { payloadType: 77, name: '', clockRate: 0 },
      ],
      attributes: [
        { name: 'rtcp-fb', value: '* ccm fir' },
        { name: 'rtpmap', value: '99 other/8000' },
        { name: 'candidate', value: 'odd' },
        { name: 'x-own', value: 'kept' },
      ],
    });
    expect(video).toEqual({
      ...none,
      type: 'video',
      port: 0,
      portCount: 2,
      protocol: 'RTP/AVP',
      address: '2001:db8::1',
      direction: 'recvonly',
      setup: 'passive',
      codecs: [{ payloadType: 31, name: '', clockRate: 0 }],
      otherLines: ['c=IN IP6 2001:db8::2'],
    });
    expect(image).toEqual({
      ...none,
      type: 'x-image',
      port: 5_000,
      protocol: 'udptl',
      address: '192.0.2.1',
      direction: 'sendonly',
      setup: 'actpass',
      formats: ['t38'],
    });
  });

  it('is sendrecv when nobody says', () => {
    expect(SDPBody.parse(sdp.replace('a=sendonly\r\n', '')).media[0]?.direction).toBe('sendrecv');
  });

  it.each([
    sdp,
    sdp.replaceAll('\r\n', '\n'),
    sdp.trimEnd(),
    `${sdp}\r\n\0`,
    sdp.replace('v=0', 'v=0 '),
  ])('writes back what it read', (text) => {
    const octets = new TextEncoder().encode(text);
    expect(String(SDPBody.parse(text))).toBe(text);
    expect(SDPBody.parse(octets).content).toBe(octets);
    expect(SDPBody.parse(octets).media).toHaveLength(3);
  });

  it('writes back octets that are no text', () => {
    const octets = new TextEncoder().encode(sdp);
    octets[sdp.indexOf('A call')] = 0xff;
    expect(SDPBody.parse(octets).name).toBe('\ufffd call');
    expect(SDPBody.parse(octets).content).toBe(octets);
  });

  it.each([
    '',
    'hello',
    'v=0\r\n',
    sdp.replace('v=0', 'v=1'),
    sdp.replace('49170', '70000'),
    sdp.replace('m=audio 49170', 'm=audio'),
    sdp.replace('m=audio', 'm='),
    sdp.replace('o=alice 1', 'o=alice x'),
  ])('refuses %j', (text) => {
    expect(() => SDPBody.parse(text)).toThrow(ProtocolError);
    expect(() => SDPBody.parse(text)).toThrow(expect.objectContaining({ code: 'SIPX_PARSE_BODY' }));
  });

  it('is built from parts', () => {
    const body = new SDPBody({
      origin,
      connection: { family: 4, address: '192.0.2.1' },
      media: [
        {
          type: 'audio',
          port: 4000,
          address: '192.0.2.1',
          codecs: [
            { payloadType: 0, name: 'PCMU', clockRate: 8000 },
            { payloadType: 101, name: 'telephone-event', clockRate: 8000, parameters: '0-16' },
          ],
          direction: 'sendrecv',
          packetTime: 20,
        },
        { type: 'image', port: 0, protocol: 'udptl', formats: ['t38'], address: '2001:db8::1' },
      ],
    });
    expect(String(body).split('\r\n')).toEqual([
      'v=0',
      'o=- 1 1 IN IP4 192.0.2.1',
      's=-',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 4000 RTP/AVP 0 101',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-16',
      'a=ptime:20',
      'm=image 0 udptl t38',
      'c=IN IP6 2001:db8::1',
      '',
    ]);
    expect(new TextDecoder().decode(body.content)).toBe(String(body));
    expect(String(body.mediaType)).toBe('application/sdp');
  });

  it('leaves the sections that do not change as they are', () => {
    const body = SDPBody.parse(sdp.replaceAll('\r\n', '\n'));
    const [audio, ...others] = body.media;
    const held = body.with({
      media: [...(audio ? [{ ...audio, direction: 'inactive' as const }] : []), ...others],
    });
    expect(held.media).toEqual([{ ...audio, direction: 'inactive' }, ...others]);
    const sections = String(held).split(/(?=m=)/);
    expect(sections.slice(2).join('')).toBe(
      sdp.slice(sdp.indexOf('m=video')).replaceAll('\r\n', '\n'),
    );
    expect(sections[1]).toContain('a=x-own:kept\r\n');
    expect(sections[1]).not.toContain('fingerprint');
  });

  it('writes whatever changes so that it is read back', () => {
    const body = SDPBody.parse(sdp);
    const anew = body.with({ media: body.media.map((media) => ({ ...media })) });
    const { content: _content, text: _text, ...values } = { ...body, text: '' };
    expect(anew).toMatchObject(values);
    expect(String(anew)).not.toBe(sdp);
  });

  it('has media follow the session, unless they say it themselves', () => {
    const body = SDPBody.parse(sdp).with({
      direction: 'inactive',
      connection: { family: 6, address: 'host.example' },
    });
    expect(body.media.map(({ direction }) => direction)).toEqual([
      'inactive',
      'recvonly',
      'inactive',
    ]);
    expect(body.media.map(({ address, family }) => [address, family])).toEqual([
      ['host.example', 6],
      ['2001:db8::1', undefined],
      ['host.example', 6],
    ]);
    const [first] = body.media;
    const named = body.with({
      connection: undefined,
      media: first ? [{ ...first, port: 1 }] : [],
    });
    expect(String(named)).toContain('c=IN IP6 host.example\r\n');
  });

  it('counts its version up', () => {
    const body = SDPBody.parse(sdp).nextVersion();
    expect(body.origin.sessionVersion).toBe('3');
    expect(
      SDPBody.parse(sdp.replace('15 2 IN', '15 18446744073709551615 IN')).nextVersion().origin,
    ).toMatchObject({ sessionVersion: '18446744073709551616' });
    expect(body.media).toEqual(SDPBody.parse(sdp).media);
  });

  it('ends the last line when another section follows it', () => {
    const body = SDPBody.parse(sdp.trimEnd());
    const more = body.with({ media: [...body.media, { type: 'audio', port: 1, formats: ['0'] }] });
    expect(more.media.map(({ type }) => type)).toEqual(['audio', 'video', 'x-image', 'audio']);
  });

  it('keeps half of what ICE needs as an attribute', () => {
    const body = SDPBody.parse(sdp.replace('a=ice-pwd:x9cml/YzichV2+XlhiMu8g\r\n', ''));
    expect(body.media[0]?.ice).toBeUndefined();
    expect(body.media[0]?.attributes).toContainEqual({ name: 'ice-ufrag', value: 'F7gI' });
  });

  it('sees no end of a line in U+2028', () => {
    const body = SDPBody.parse(sdp.replace('A call', 'A\u2028m=audio 1 RTP/AVP 0'));
    expect(body.media).toHaveLength(3);
    expect(body.name).toBe('A\u2028m=audio 1 RTP/AVP 0');
  });

  const media =
    (parts: Partial<SDPMediaParts>): (() => SDPBody) =>
    () =>
      new SDPBody({ origin, media: [{ type: 'audio', port: 1, ...parts }] });
  it.each([
    ['a name with a line end', () => new SDPBody({ origin, name: 'x\r\na=inactive' })],
    ['a user name of two words', () => new SDPBody({ origin: { ...origin, username: 'a b' } })],
    ['an id that is no number', () => new SDPBody({ origin: { ...origin, sessionId: 'x' } })],
    ['an attribute with a line end', media({ attributes: [{ name: 'x', value: '\n' }] })],
    ['an attribute of two words', media({ attributes: [{ name: 'x y' }] })],
    ['a type of two words', media({ type: 'a b' })],
    ['a protocol of none', media({ protocol: '' })],
    ['a port beyond', media({ port: 65_536 })],
    ['an address of two words', media({ address: 'a b' })],
    ['a format with NUL', media({ formats: ['\0'] })],
    ['another line with a line end', media({ otherLines: ['k=x\rm=audio 1 RTP/AVP 0'] })],
  ])('does not write %s', (_, build) => {
    expect(build).toThrow(UsageError);
    expect(build).toThrow(expect.objectContaining({ code: 'SIPX_USAGE' }));
  });
});
