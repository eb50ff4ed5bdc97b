import {
  DIGITS,
  DigitReceiver,
  digitFrames,
  parseTelephoneEvent,
  writeTelephoneEvent,
} from '@sipx/media';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** [timestamp, event, duration, marker?, end?] of each packet, and the digits they make. */
type Packet = readonly [number, number, number, marker?: boolean, end?: boolean];

const hear = (packets: readonly Packet[]): string => {
  const receiver = new DigitReceiver();
  return packets
    .map(([timestamp, event, duration, marker = false, end = false]) =>
      receiver.receive({
        payloadType: 101,
        marker,
        sequence: 0,
        timestamp: timestamp >>> 0,
        ssrc: 1,
        payload: writeTelephoneEvent({ event, end, volume: 10, duration }),
      }),
    )
    .join('');
};

describe('DigitReceiver', () => {
  it.each<[string, string, readonly Packet[]]>([
    [
      'one press',
      '5',
      [
        [0, 5, 160, true],
        [0, 5, 320],
        [0, 5, 480, false, true],
      ],
    ],
    [
      'a key pressed again at once',
      '11',
      [
        [0, 1, 800, true],
        [800, 1, 160, true],
      ],
    ],
    [
      'a long key whose packets change places',
      '3',
      [
        [0, 3, 65_440],
        [0, 3, 160],
        [65_440, 3, 160],
      ],
    ],
    ['its end alone', '5', [[0, 5, 480, false, true]]],
    ['ends sent three times', '7', [[0, 7, 160, true], ...three<Packet>([0, 7, 320, false, true])]],
    [
      'packets in the wrong order',
      '9',
      [
        [0, 9, 480, false, true],
        [0, 9, 160, true],
        [0, 9, 320],
      ],
    ],
    [
      'the same key twice',
      '11',
      [
        [0, 1, 160, true],
        [800, 1, 160, true],
      ],
    ],
    [
      'the same key twice, markers lost',
      '11',
      [
        [0, 1, 160],
        [800, 1, 160],
      ],
    ],
    [
      'a key held for longer than one event can tell',
      '3',
      [
        [0, 3, 65_440, true],
        [65_440, 3, 160],
      ],
    ],
    [
      'a late packet of the key before',
      '12',
      [
        [0, 1, 160],
        [800, 2, 160],
        [0, 1, 320, false, true],
      ],
    ],
    [
      'timestamps that wrap',
      '12',
      [
        [0xffff_ff00, 1, 160],
        [0x300, 2, 160],
      ],
    ],
    ['every digit', DIGITS, [...DIGITS].map((_, i): Packet => [i * 2000, i, 160, true])],
    ['a flash (no digit)', '', [[0, 16, 160, true]]],
  ])('hears %s', (_, digits, packets) => {
    expect(hear(packets)).toBe(digits);
  });

  it('passes over a payload too short', () => {
    const packet = { payloadType: 101, marker: true, sequence: 0, timestamp: 0, ssrc: 1 };
    expect(new DigitReceiver().receive({ ...packet, payload: Uint8Array.of(1, 2, 3) })).toBe(
      undefined,
    );
  });

  it('hears digits of which any packets but one are lost', () => {
    const pressed = fc.array(fc.constantFrom(...DIGITS), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pressed, fc.infiniteStream(fc.nat(6)), (digits, kept) => {
        const packets = digits.flatMap((digit, i): Packet[] => {
          const payloads = digitFrames(digit).flatMap(({ payload }) => (payload ? [payload] : []));
          const told = payloads[kept.next().value ?? 0];
          const event = told && parseTelephoneEvent(told);
          return event ? [[i * 1280, event.event, event.duration]] : [];
        });
        expect(hear(packets)).toBe(digits.join(''));
      }),
    );
  });
});

describe('digitFrames', () => {
  it('tells the duration as it grows and the end three times, then leaves a pause', () => {
    const frames = digitFrames('#', { durationMs: 60, gapMs: 80 });
    expect(frames.map(({ payload }) => payload && parseTelephoneEvent(payload))).toEqual([
      { event: 11, end: false, volume: 10, duration: 160 },
      { event: 11, end: false, volume: 10, duration: 320 },
      ...three({ event: 11, end: true, volume: 10, duration: 480 }),
      undefined,
      undefined,
    ]);
    expect(frames.map(({ first }) => first).indexOf(true)).toBe(0);
    expect(frames.filter(({ first }) => first)).toHaveLength(1);
  });

  it('stays within 16 bits and keeps room for the ends', () => {
    const frames = digitFrames('0', { durationMs: 60_000, gapMs: 0 });
    const last = frames.at(-1)?.payload;
    expect(last && parseTelephoneEvent(last)).toMatchObject({ end: true, duration: 65_440 });
    expect(frames).toHaveLength(409 + 2);
  });
});

function three<T>(one: T): T[] {
  return [one, one, one];
}
