import {
  CallRejectedError,
  NetworkError,
  ProtocolError,
  RegisterRejectedError,
  Response,
  UsageError,
} from 'sipx';
import { describe, expect, test } from 'vitest';
import { wantsColour } from '../src/colour.ts';
import { failureOf, oneLine } from '../src/failure.ts';

const rejected = (status: number): Response => new Response({ status });

test.each([
  {
    error: new CallRejectedError(rejected(486)),
    exit: 3,
    says: /^SIPX_CALL_REJECTED: .*486 Busy Here.*try again later$/,
  },
  {
    error: new RegisterRejectedError(rejected(403)),
    exit: 3,
    says: /^SIPX_REGISTER_REJECTED: .*Check the account/,
  },
  { error: new ProtocolError('SIPX_MEDIA', 'no answer'), exit: 3, says: /^SIPX_MEDIA: no answer$/ },
  {
    error: new NetworkError('SIPX_TRANSACTION_TIMEOUT', 'nothing came'),
    exit: 4,
    says: /^SIPX_TRANSACTION_TIMEOUT: nothing came\. .*--tcp/,
  },
  {
    error: new UsageError('SIPX_WAV', 'cannot read x', {
      cause: Object.assign(new Error('no'), { code: 'ENOENT' }),
    }),
    exit: 2,
    says: /^SIPX_WAV: cannot read x, ENOENT\. /,
  },
  {
    error: new TypeError('x is not\na function'),
    exit: 1,
    says: /^TypeError: x is not\\na function\. .*report/,
  },
  {
    error: new ProtocolError('SIPX_PARSE_URI', 'bad sip:a:hunter2@h'),
    exit: 3,
    says: /^SIPX_PARSE_URI: bad sip:a:\*\*\*@h\. /,
  },
])('$error.message', ({ error, exit, says }) => {
  const failure = failureOf(error);
  expect(failure.exit).toBe(exit);
  expect(oneLine(failure)).toMatch(says);
  expect(oneLine(failure)).not.toContain('\n');
});

describe('colour', () => {
  test.each([
    { env: {}, isTTY: true, colour: true },
    { env: {}, isTTY: false, colour: false },
    { env: { FORCE_COLOR: '1' }, isTTY: false, colour: true },
    { env: { FORCE_COLOR: '0' }, isTTY: true, colour: false },
    { env: { NO_COLOR: '1' }, isTTY: true, colour: false },
    { env: { TERM: 'dumb' }, isTTY: true, colour: false },
  ])('$env, TTY $isTTY', ({ env, isTTY, colour }) => {
    expect(wantsColour(env as Record<string, string>, isTTY)).toBe(colour);
  });
});
