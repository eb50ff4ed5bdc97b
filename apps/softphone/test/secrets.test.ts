import { parseAddress } from 'sipx';
import { describe, expect, test } from 'vitest';
import { plain } from '../src/colour.ts';
import { run } from '../src/command-line.ts';
import { traceOf } from '../src/trace.ts';
import { captured } from './captured.ts';

describe('a password is no flag', () => {
  test.each(['call', 'listen', 'register', 'demo'])('of %s', async (command) => {
    const { world, out } = captured();
    expect(await run([command, '--help'], world)).toBe(0);
    const flags = out.join('\n').match(/--[\w-]+/g) ?? [];
    expect(flags).toContain('--trace');
    expect(flags.filter((flag) => /pass|secret|auth|credential/i.test(flag))).toEqual([]);
  });

  test.each([
    [['call', 'sip:a@127.0.0.1', '--password', 'hunter2']],
    [['call', 'sip:a@127.0.0.1', '--password=hunter2']],
    [['register', '--pass=hunter2']],
    [['call', 'sip:a:hunter2@127.0.0.1']],
    [['register', '--uri', 'sip:a:hunter2@127.0.0.1']],
  ])('%j is refused in one line that does not repeat it', async (args) => {
    const { world, err, out } = captured();
    expect(await run(args, world)).toBe(2);
    expect(out).toEqual([]);
    expect(err).toEqual([expect.stringMatching(/^SIPX_USAGE: .*SIPX_PASSWORD/)]);
    expect(err[0]).not.toContain('hunter2');
  });
});

describe('a trace', () => {
  const traced = (lines: readonly string[]): string =>
    traceOf(
      {
        direction: 'out',
        bytes: new TextEncoder().encode(lines.join('\r\n')),
        local: parseAddress('udp:127.0.0.1:5061'),
        remote: parseAddress('udp:127.0.0.1:5060'),
        protocol: 'udp',
        at: 1500,
      },
      plain,
    );

  test('shows a message, its way and its time', () => {
    expect(traced(['OPTIONS sip:b@h SIP/2.0', 'CSeq: 1 OPTIONS', '', ''])).toBe(
      [
        '1.500 udp 127.0.0.1:5061 → 127.0.0.1:5060',
        '  OPTIONS sip:b@h SIP/2.0',
        '  CSeq: 1 OPTIONS',
        '',
      ].join('\n'),
    );
  });

  test('shows no credentials', () => {
    const text = traced([
      'REGISTER sip:a:hunter2@h SIP/2.0',
      'Authorization: Digest username="a", realm="r", nonce="n0nce", response="0123abcd", cnonce="c", algorithm=SHA-256',
      '',
      '',
    ]);
    expect(text).toContain('username="a"');
    expect(text).toContain('algorithm=SHA-256');
    expect(text).not.toMatch(/hunter2|n0nce|0123abcd/);
  });

  test('moves no cursor', () => {
    expect(traced(['OPTIONS sip:b@h SIP/2.0', 'Subject: \u001B[2J\u202E', '', ''])).toContain(
      'Subject: \\u{1b}[2J\\u{202e}',
    );
  });
});
