import { parseRTP, type RTPPacket, writeRTP } from '@sipx/media';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const plain: RTPPacket = {
  payloadType: 8,
  marker: true,
  sequence: 0x1234,
  timestamp: 0xfffefdfc,
  ssrc: 0xdeadbeef,
  payload: hex('aabbcc'),
};

describe('parseRTP', () => {
  it.each<[string, string, RTPPacket | undefined]>([
    ['a plain packet', '80 88 1234 fffefdfc deadbeef aabbcc', plain],
    ['contributing sources', '82 88 1234 fffefdfc deadbeef 00000001 00000002 aabbcc', plain],
    ['a header extension', '90 88 1234 fffefdfc deadbeef bede0001 01020304 aabbcc', plain],
    ['an empty extension', '90 88 1234 fffefdfc deadbeef bede0000 aabbcc', plain],
    ['padding', 'a0 88 1234 fffefdfc deadbeef aabbcc 0002', plain],
    [
      'nothing but padding',
      'a0 88 1234 fffefdfc deadbeef 01',
      { ...plain, payload: new Uint8Array() },
    ],
    ['no payload', '80 88 1234 fffefdfc deadbeef', { ...plain, payload: new Uint8Array() }],
    ['nothing', '', undefined],
    ['half a header', '80 88 1234 fffefdfc dead', undefined],
    ['version 1', '40 88 1234 fffefdfc deadbeef aabbcc', undefined],
    ['version 3 (no such)', 'c0 88 1234 fffefdfc deadbeef aabbcc', undefined],
    ['sources that are not there', '8f 88 1234 fffefdfc deadbeef aabbcc', undefined],
    ['an extension cut off', '90 88 1234 fffefdfc deadbeef bede', undefined],
    [
      'an extension longer than the rest',
      '90 88 1234 fffefdfc deadbeef bede0002 01020304',
      undefined,
    ],
    ['more padding than there is', 'a0 88 1234 fffefdfc deadbeef aabbcc05', undefined],
    ['padding of none', 'a0 88 1234 fffefdfc deadbeef aabbcc00', undefined],
    ['an RTCP sender report', '80 c8 0006 deadbeef 00000000 00000000 00000000', undefined],
  ])('reads %s', (_, bytes, expected) => {
    expect(parseRTP(hex(bytes))).toEqual(expected);
  });

  it('throws at nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        parseRTP(bytes);
        if (bytes.length > 0) bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f);
        const packet = parseRTP(bytes);
        expect(packet?.payload.length ?? 0).toBeLessThanOrEqual(Math.max(0, bytes.length - 12));
      }),
    );
  });

  it('reads what writeRTP writes', () => {
    const packets = fc.record({
      payloadType: fc.integer({ min: 0, max: 127 }).filter((type) => type < 64 || type > 95),
      marker: fc.boolean(),
      sequence: fc.integer({ min: 0, max: 0xffff }),
      timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
      ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
      payload: fc.uint8Array({ maxLength: 200 }),
    });
    fc.assert(
      fc.property(packets, (packet) => {
        expect(parseRTP(writeRTP(packet))).toEqual(packet);
      }),
    );
  });
});
