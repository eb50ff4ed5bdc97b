import { existsSync, readFileSync } from 'node:fs';
import { ProtocolError } from '@sipx/contracts';
import { Headers, HeaderParser, parseMessage } from '@sipx/message';
import { STRICT } from '@sipx/message/strict';
import { describe, expect, it } from 'vitest';

/* grammar/cases.tsv: a header's text and what it is read as. grammar/rules.tsv: RFC 3261 25.1, a test each. */
const table = (name: string): string[][] =>
  readFileSync(new URL(`grammar/${name}.tsv`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));

const cases = table('cases');
const parser = new HeaderParser(STRICT);

/** As a message has it, list and all; then each value by the letter of the RFC, its URI too. */
const read = (header: string, text: string): string[] =>
  new Headers([[header, text]]).getAll(header).map((value) => {
    const strict = parser.parse(header, String(value));
    return String(strict);
  });

describe('values', () => {
  it.each(cases.filter((one) => one[3] !== '!'))('%s', (_, header = '', text = '', as = '') => {
    expect(read(header, text).join('|')).toBe(as === '=' ? text : as);
  });

  it.each(cases.filter((one) => one[3] === '!'))('%s is refused', (_, header = '', text = '') => {
    expect(() => parser.parse(header, text)).toThrow(ProtocolError);
  });
});

const message = (startLine: string, method: string): string =>
  [
    startLine,
    'Via: SIP/2.0/UDP h;branch=z9hG4bK1',
    'From: <sip:a@h>;tag=1',
    'To: <sip:b@h>',
    'Call-ID: c',
    `CSeq: 1 ${method}`,
    '',
    '',
  ].join('\r\n');
const parsed = (text: string) => parseMessage(new TextEncoder().encode(text));

/** Tests of this file that the rules refer to. */
const others: Record<string, () => void> = {
  'start-line/methods': () => {
    for (const method of ['INVITE', 'ACK', 'OPTIONS', 'BYE', 'CANCEL', 'REGISTER']) {
      expect(parsed(message(`${method} sip:b@h SIP/2.0`, method))).toMatchObject({ method });
    }
  },
  'start-line/statuses': () => {
    for (const status of [100, 183, 200, 302, 404, 503, 603, 299]) {
      expect(parsed(message(`SIP/2.0 ${status} x y`, 'INVITE'))).toMatchObject({
        status,
        reason: 'x y',
      });
    }
  },
};

describe('start lines', () => {
  it.each(Object.entries(others))('%s', (_, check) => {
    expect(check).not.toThrow();
  });
});

describe('the rules of RFC 3261 25.1', () => {
  const rules = table('rules');
  const auth = readFileSync(
    new URL('../../auth/test/auth-parser.test.ts', import.meta.url),
    'utf8',
  );
  const exists: Record<string, (id: string) => boolean> = {
    value: (id) => cases.some(([name]) => name === id),
    corpus: (id) => existsSync(new URL(`corpus/${id}.txt`, import.meta.url)),
    // A text that @sipx/auth is tested with: authentication headers are read there.
    auth: (id) => auth.includes(id),
    'start-line': (id) => Object.hasOwn(others, `start-line/${id}`),
  };

  it('are all there, once', () => {
    const names = rules.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(282);
  });

  it.each(rules)('%s is exercised by %s', (_, test = '') => {
    const slash = test.indexOf('/');
    expect(exists[test.slice(0, slash)]?.(test.slice(slash + 1))).toBe(true);
  });
});
