import type { MediaDirection } from '@sipx/contracts';
import { SIPXError } from '@sipx/contracts';
import { rtp, type RTPOptions, type RTPSession } from '@sipx/media';
import { ManualClock, SeededIds } from '@sipx/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

let open: RTPSession[] = [];
afterEach(async () => {
  await Promise.all(open.map((session) => session.close()));
  open = [];
});
const session = (options: RTPOptions = {}): RTPSession => {
  const made = rtp({
    address: '127.0.0.1',
    clock: new ManualClock(),
    ids: new SeededIds(1),
    ...options,
  });
  open.push(made);
  return made;
};

const sdp = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...lines, ''].join(
    '\r\n',
  );
/** From the m-line on, with the port that the system gave as `PORT`. */
const media = (text: string): string[] =>
  text
    .trimEnd()
    .split('\r\n')
    .slice(5)
    .map((line) => line.replace(/^m=audio [1-9]\d* /, 'm=audio PORT '));

const pcmu = 'a=rtpmap:0 PCMU/8000';
const pcma = 'a=rtpmap:8 PCMA/8000';
const end = ['a=ptime:20', 'a=sendrecv'];

describe('createOffer', () => {
  it('offers what it can, at the port that it bound', async () => {
    const text = await session().createOffer();
    expect(text.split('\r\n').slice(0, 5)).toEqual([
      'v=0',
      expect.stringMatching(/^o=- \d+ 1 IN IP4 127\.0\.0\.1$/),
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
    ]);
    expect(media(text)).toEqual([
      'm=audio PORT RTP/AVP 0 8 101',
      pcmu,
      pcma,
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      ...end,
    ]);
  });

  it('offers what it was told to, and IPv6', async () => {
    const text = await session({ address: '::1', codecs: ['PCMA'], dtmf: false }).createOffer({
      direction: 'recvonly',
    });
    expect(text).toContain('\r\nc=IN IP6 ::1\r\n');
    expect(media(text)).toEqual(['m=audio PORT RTP/AVP 8', pcma, 'a=ptime:20', 'a=recvonly']);
  });

  it('raises its version only when something changed', async () => {
    const alice = session();
    const version = async (direction: MediaDirection): Promise<string | undefined> =>
      /^o=- \d+ (\d+)/m.exec(await alice.createOffer({ direction }))?.[1];
    expect([
      await version('sendrecv'),
      await version('sendrecv'),
      await version('sendonly'),
    ]).toEqual(['1', '1', '2']);
  });

  it('keeps the m-lines of what was agreed before', async () => {
    const bob = session();
    await bob.createAnswer(sdp('m=video 4000 RTP/AVP 96', 'm=audio 4002 RTP/AVP 8'));
    expect(media(await bob.createOffer()).filter((line) => line.startsWith('m='))).toEqual([
      'm=video 0 RTP/AVP 96',
      'm=audio PORT RTP/AVP 0 8 101',
    ]);
  });
});

describe('createAnswer', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'the offer’s order',
      ['m=audio 4000 RTP/AVP 8 0'],
      ['m=audio PORT RTP/AVP 8 0', pcma, pcmu, ...end],
    ],
    [
      'what it knows of a longer list',
      ['m=audio 4000 RTP/AVP 96 9 0 18', 'a=rtpmap:96 opus/48000/2'],
      ['m=audio PORT RTP/AVP 0', pcmu, ...end],
    ],
    [
      'the offer’s numbers',
      [
        'm=audio 4000 RTP/AVP 97 100',
        'a=rtpmap:97 pcma/8000/1',
        'a=rtpmap:100 telephone-event/8000',
      ],
      [
        'm=audio PORT RTP/AVP 97 100',
        'a=rtpmap:97 PCMA/8000',
        'a=rtpmap:100 telephone-event/8000',
        'a=fmtp:100 0-15',
        ...end,
      ],
    ],
    [
      'no events at another rate',
      ['m=audio 4000 RTP/AVP 0 100', 'a=rtpmap:100 telephone-event/48000'],
      ['m=audio PORT RTP/AVP 0', pcmu, ...end],
    ],
    [
      'port 0 to what it cannot do',
      [
        'm=video 4000 RTP/AVP 96',
        'm=audio 4002 RTP/SAVP 0',
        'm=audio 4004 RTP/AVP 0',
        'm=application 4006 UDP/BFCP *',
      ],
      [
        'm=video 0 RTP/AVP 96',
        'm=audio 0 RTP/SAVP 0',
        'm=audio PORT RTP/AVP 0',
        pcmu,
        ...end,
        'm=application 0 UDP/BFCP *',
      ],
    ],
    [
      'port 0 to a second audio',
      ['m=audio 4000 RTP/AVP 0', 'm=audio 4002 RTP/AVP 8'],
      ['m=audio PORT RTP/AVP 0', pcmu, ...end, 'm=audio 0 RTP/AVP 8'],
    ],
    [
      'lines that it does not understand',
      ['x=?', 'm=audio 4000 RTP/AVP 0', 'a=rtpmap:what', 'c=IN IP4 127.0.0.1/127', 'a=mid:0', 'a='],
      ['m=audio PORT RTP/AVP 0', pcmu, ...end],
    ],
  ])('answers %s', async (_, offer, expected) => {
    const text = await session().createAnswer(sdp(...offer));
    expect(media(text)).toEqual(expected);
  });

  const both = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
  it.each<[MediaDirection, readonly MediaDirection[]]>([
    ['sendrecv', ['sendrecv', 'sendonly', 'recvonly', 'inactive']],
    ['sendonly', ['recvonly', 'inactive', 'recvonly', 'inactive']],
    ['recvonly', ['sendonly', 'sendonly', 'inactive', 'inactive']],
    ['inactive', ['inactive', 'inactive', 'inactive', 'inactive']],
  ])('answers %s by its own wish', async (offered, answers) => {
    for (const line of [
      [`a=${offered}`, 'm=audio 4000 RTP/AVP 0'],
      ['m=audio 4000 RTP/AVP 0', `a=${offered}`],
    ]) {
      for (const [i, direction] of both.entries()) {
        const text = await session().createAnswer(sdp(...line), { direction });
        expect(media(text).at(-1)).toBe(`a=${answers[i]}`);
      }
    }
  });

  it.each<[string, string, string]>([
    ['no codec in common', sdp('m=audio 4000 RTP/AVP 9'), 'SIPX_MEDIA_INCOMPATIBLE'],
    [
      'events alone',
      sdp('m=audio 4000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'),
      'SIPX_MEDIA_INCOMPATIBLE',
    ],
    [
      'a number that means something else',
      sdp('m=audio 4000 RTP/AVP 0', 'a=rtpmap:0 L16/44100'),
      'SIPX_MEDIA_INCOMPATIBLE',
    ],
    ['secure audio alone', sdp('m=audio 4000 RTP/SAVP 0'), 'SIPX_MEDIA_INCOMPATIBLE'],
    ['audio that is switched off', sdp('m=audio 0 RTP/AVP 0'), 'SIPX_MEDIA_INCOMPATIBLE'],
    [
      'another kind of address',
      sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP6 ::1'),
      'SIPX_MEDIA_INCOMPATIBLE',
    ],
    [
      'a name for an address',
      sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP4 example.com'),
      'SIPX_MEDIA_INCOMPATIBLE',
    ],
    ['no address', 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n', 'SIPX_MEDIA_INCOMPATIBLE'],
    ['no media', sdp(), 'SIPX_MEDIA_INCOMPATIBLE'],
    ['nothing', '', 'SIPX_PARSE_BODY'],
    ['another version', 'v=1\r\n', 'SIPX_PARSE_BODY'],
    ['half an m-line', sdp('m=audio 4000'), 'SIPX_PARSE_BODY'],
    ['a port too high', sdp('m=audio 65536 RTP/AVP 0'), 'SIPX_PARSE_BODY'],
    ['too much', sdp(`a=${'x'.repeat(70_000)}`), 'SIPX_PARSE_BODY'],
  ])('rejects %s', async (_, offer, code) => {
    await expect(session().createAnswer(offer)).rejects.toMatchObject({ code });
  });

  it('rejects with nothing but SIPXError, whatever is changed in an offer', async () => {
    const offer = sdp(
      'm=audio 4000 RTP/AVP 0 101',
      'a=rtpmap:101 telephone-event/8000',
      'a=sendonly',
    );
    const bob = session();
    await fc.assert(
      fc.asyncProperty(fc.nat(offer.length), fc.nat(10), fc.string(), async (at, cut, text) => {
        const changed = offer.slice(0, at) + text + offer.slice(at + cut);
        await bob.createAnswer(changed).catch((error) => expect(error).toBeInstanceOf(SIPXError));
      }),
    );
  });
});

describe('setAnswer', () => {
  it('needs an offer, and none that was rolled back', async () => {
    const alice = session();
    const answer = sdp('m=audio 4000 RTP/AVP 0');
    const state = expect.objectContaining({ code: 'SIPX_USAGE_STATE' });
    expect(() => alice.setAnswer(answer)).toThrow(state);
    await alice.createOffer();
    alice.rollback();
    expect(() => alice.setAnswer(answer)).toThrow(state);
    await alice.createOffer();
    alice.setAnswer(answer);
    expect(() => alice.setAnswer(answer)).toThrow(state);
    expect(alice.statistics).toMatchObject({ codec: 'PCMU', remote: '127.0.0.1:4000' });
  });

  it('sends by the answer’s first codec', async () => {
    const alice = session();
    await alice.createOffer();
    alice.setAnswer(sdp('m=audio 4000 RTP/AVP 8 0'));
    expect(alice.statistics.codec).toBe('PCMA');
  });

  it.each<[string, string, string]>([
    ['refused audio', sdp('m=audio 0 RTP/AVP 0'), 'SIPX_MEDIA_INCOMPATIBLE'],
    ['no media', sdp(), 'SIPX_MEDIA_INCOMPATIBLE'],
    ['no SDP', 'hello', 'SIPX_PARSE_BODY'],
  ])('throws at %s', async (_, answer, code) => {
    const alice = session();
    await alice.createOffer();
    expect(() => alice.setAnswer(answer)).toThrow(expect.objectContaining({ code }));
  });
});
