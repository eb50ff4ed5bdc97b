import type { SIPXError } from '@sipx/contracts';
import { type FramerLimits, StreamFramer } from '@sipx/transport';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const PLAIN = head('OPTIONS sip:bob@example.com SIP/2.0', 'Call-ID: 1', 'Content-Length: 0');
const WITH_BODY = `${head('MESSAGE sip:bob@example.com SIP/2.0', 'l: 9', 'Call-ID: 2')}\r\n\r\nbody\n`;
const FOLDED = `${head('SIP/2.0 200 OK', 'CONTENT-LENGTH \t:', ' 003\t', 'Via: x')}abc`;
const TWICE = `${head('SIP/2.0 200 OK', 'Content-Length: 2', 'L: 2')}ok`;

/** What a whole stream gives, pushed in these chunks. */
const frame = (chunks: readonly (string | Uint8Array)[], limits?: FramerLimits) => {
  const messages: string[] = [];
  const partial: boolean[] = [];
  const errors: SIPXError[] = [];
  let pings = 0;
  const framer = new StreamFramer(
    {
      message: (bytes) => messages.push(text(bytes)),
      ping: () => {
        pings += 1;
      },
      partial: (half) => partial.push(half),
      failed: (error) => errors.push(error),
    },
    limits,
  );
  for (const chunk of chunks) framer.push(typeof chunk === 'string' ? bytesOf(chunk) : chunk);
  return { framer, messages, partial, errors, pings, codes: errors.map(({ code }) => code) };
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('StreamFramer', () => {
  const streams = [
    { name: 'one message', stream: PLAIN, messages: [PLAIN], pings: 0 },
    {
      name: 'a body with what looks like an end',
      stream: WITH_BODY,
      messages: [WITH_BODY],
      pings: 0,
    },
    { name: 'a folded length in capitals', stream: FOLDED, messages: [FOLDED], pings: 0 },
    { name: 'the same length twice', stream: TWICE, messages: [TWICE], pings: 0 },
    {
      name: 'several in a row',
      stream: PLAIN + WITH_BODY + FOLDED + PLAIN,
      messages: [PLAIN, WITH_BODY, FOLDED, PLAIN],
      pings: 0,
    },
    { name: 'a CRLF before the start line', stream: `\r\n${PLAIN}`, messages: [PLAIN], pings: 0 },
    { name: 'a ping', stream: '\r\n\r\n', messages: [], pings: 1 },
    {
      name: 'pings between messages',
      stream: `\r\n\r\n${PLAIN}\r\n\r\n\r\n\r\n${WITH_BODY}\r\n`,
      messages: [PLAIN, WITH_BODY],
      pings: 3,
    },
    {
      name: 'single CRLFs with a message between, which are no ping',
      stream: `\r\n${PLAIN}\r\n${PLAIN}`,
      messages: [PLAIN, PLAIN],
      pings: 0,
    },
    {
      name: 'headers that only look like a length',
      stream: `${head('SIP/2.0 200 OK', 'Content-Lengths: 9', 'Content-Languag: 9', 'Lx: 9', 'X: l: 9', 'l: 1')}a`,
      messages: [
        `${head('SIP/2.0 200 OK', 'Content-Lengths: 9', 'Content-Languag: 9', 'Lx: 9', 'X: l: 9', 'l: 1')}a`,
      ],
      pings: 0,
    },
    {
      name: 'a name with CR for its hyphen, which is another header',
      stream: head('SIP/2.0 200 OK', 'Content\rLength: 5', 'l: 0'),
      messages: [head('SIP/2.0 200 OK', 'Content\rLength: 5', 'l: 0')],
      pings: 0,
    },
    {
      name: 'a start line that looks like a length',
      stream: head('l: 5', 'Content-Length: 0'),
      messages: [head('l: 5', 'Content-Length: 0')],
      pings: 0,
    },
  ];

  it.each(streams)('reads $name', ({ stream, messages, pings }) => {
    const whole = frame([stream]);
    expect(whole).toMatchObject({ messages, pings, errors: [] });
    expect(whole.framer.partial).toBe(false);
  });

  it.each(streams)('reads $name byte by byte', ({ stream, messages, pings }) => {
    const bytes = [...bytesOf(stream)].map((byte) => Uint8Array.of(byte));
    expect(frame(bytes)).toMatchObject({ messages, pings, errors: [] });
  });

  const valid = fc.array(fc.constantFrom(PLAIN, WITH_BODY, FOLDED, TWICE, '\r\n\r\n'));
  it('gives the same whatever the chunks are', () => {
    fc.assert(
      fc.property(valid, fc.array(fc.nat(200)), (parts, sizes) => {
        const stream = parts.join('');
        const chunks: string[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(stream.slice(at, (at += size)));
        chunks.push(stream.slice(at));
        const { messages, pings, codes } = frame(chunks);
        expect(messages).toEqual(parts.filter((part) => part !== '\r\n\r\n'));
        expect(pings).toBe(parts.filter((part) => part === '\r\n\r\n').length);
        expect(codes).toEqual([]);
      }),
    );
  });

  it('takes anything without throwing, and the same fault whatever the chunks', () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom(PLAIN, FOLDED, '\r\n', '\r', '\n', 'Content-Length: ', 'l:1', ' ', '9'),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(noise, (parts) => {
        const whole = frame([parts.join('')]);
        const pieces = frame(parts);
        expect(pieces.messages).toEqual(whole.messages);
        expect(pieces.codes).toEqual(whole.codes);
        expect(pieces.pings).toBe(whole.pings);
        expect(whole.codes.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  const start = 'SIP/2.0 200 OK';
  const faults = [
    { name: 'no Content-Length', stream: head(start, 'Via: x'), code: 'SIPX_FRAMING' },
    { name: 'an empty one', stream: head(start, 'Content-Length:'), code: 'SIPX_FRAMING' },
    { name: 'a negative one', stream: head(start, 'Content-Length: -1'), code: 'SIPX_FRAMING' },
    { name: 'one with a sign', stream: head(start, 'Content-Length: +1'), code: 'SIPX_FRAMING' },
    { name: 'one in hex', stream: head(start, 'Content-Length: 0x1'), code: 'SIPX_FRAMING' },
    {
      name: 'two numbers in one',
      stream: head(start, 'Content-Length: 1 2'),
      code: 'SIPX_FRAMING',
    },
    { name: 'a number cut by a fold', stream: head(start, 'l: 1', ' 2'), code: 'SIPX_FRAMING' },
    { name: 'a list', stream: head(start, 'Content-Length: 1, 1'), code: 'SIPX_FRAMING' },
    {
      name: 'two that differ',
      stream: head(start, 'l: 1', 'Content-Length: 2'),
      code: 'SIPX_FRAMING',
    },
    {
      name: 'a good one after a bad one',
      stream: head(start, 'l: x', 'l: 2'),
      code: 'SIPX_FRAMING',
    },
    { name: 'a body over the bound', stream: head(start, 'l: 65536'), code: 'SIPX_LIMIT_BODY' },
    {
      name: 'a body beyond all numbers',
      stream: head(start, `l: ${'9'.repeat(400)}`),
      code: 'SIPX_LIMIT_BODY',
    },
    { name: 'a line that ends in LF', stream: `${start}\nl: 0\r\n\r\n`, code: 'SIPX_FRAMING' },
    {
      name: 'an empty line that ends in LF',
      stream: `${start}\r\nl: 0\r\n\n`,
      code: 'SIPX_FRAMING',
    },
    { name: 'a lone CR between messages', stream: `\rX`, code: 'SIPX_FRAMING' },
    {
      name: 'a head over the bound',
      stream: `${start}\r\nX: ${'x'.repeat(65_536)}`,
      code: 'SIPX_LIMIT_HEAD',
    },
  ];
  it.each(faults)('fails closed on $name', ({ stream, code }) => {
    const { framer, messages, codes } = frame([PLAIN + stream, PLAIN, PLAIN + PLAIN]);
    expect(messages).toEqual([PLAIN]);
    expect(codes).toEqual([code]);
    expect(framer.partial).toBe(false);
  });

  it('takes a head and a body of exactly the bounds', () => {
    const full = `${PLAIN.replace('Content-Length: 0', 'l: 10')}${'b'.repeat(10)}`;
    const maxHead = full.length - 10;
    expect(frame([full], { maxHead, maxBody: 10 }).messages).toEqual([full]);
    expect(frame([full], { maxHead: maxHead - 1, maxBody: 10 }).codes).toEqual(['SIPX_LIMIT_HEAD']);
    expect(frame([full], { maxHead, maxBody: 9 }).codes).toEqual(['SIPX_LIMIT_BODY']);
    const bytes = [...bytesOf(full)].map((byte) => Uint8Array.of(byte));
    expect(frame(bytes, { maxHead: maxHead - 1 }).codes).toEqual(['SIPX_LIMIT_HEAD']);
  });

  it('tells when a message is half-received, and when another one is', () => {
    const half = WITH_BODY.slice(0, 20);
    const rest = WITH_BODY.slice(20);
    expect(frame([half]).partial).toEqual([true]);
    expect(frame([half, rest]).partial).toEqual([true, false]);
    expect(frame([half, rest.slice(0, 5), rest.slice(5)]).partial).toEqual([true, false]);
    expect(frame([half, rest + half]).partial).toEqual([true, true]);
    expect(frame([PLAIN, PLAIN]).partial).toEqual([]);
    expect(frame([half]).framer.partial).toBe(true);
  });

  it('gives messages that later chunks do not change', () => {
    const kept: Uint8Array[] = [];
    const framer = new StreamFramer({ message: (bytes) => kept.push(bytes), failed() {} });
    const stream = bytesOf(WITH_BODY + PLAIN + FOLDED + WITH_BODY);
    for (let at = 0; at < stream.length; at += 7) framer.push(stream.slice(at, at + 7));
    expect(kept.map(text)).toEqual([WITH_BODY, PLAIN, FOLDED, WITH_BODY]);
  });

  it('takes nothing after it was stopped, not even from the chunk at hand', () => {
    const seen: string[] = [];
    const framer = new StreamFramer({
      message: (bytes) => {
        seen.push(text(bytes));
        framer.stop();
      },
      failed: (error) => seen.push(error.code),
    });
    framer.push(bytesOf(PLAIN + PLAIN + WITH_BODY.slice(0, 9)));
    framer.push(bytesOf(PLAIN));
    expect(seen).toEqual([PLAIN]);
    expect(framer.partial).toBe(false);
  });

  it('keeps no more than twice what came, however much is promised', () => {
    const promised = head('SIP/2.0 200 OK', `X: ${'x'.repeat(2000)}`, 'Content-Length: 65535');
    const { framer, messages } = frame([...promised]);
    expect(messages).toEqual([]);
    expect(framer.held).toBeLessThanOrEqual(2 * promised.length);
  });
});
