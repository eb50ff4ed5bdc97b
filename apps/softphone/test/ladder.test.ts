import { Request, Response } from 'sipx';
import { describe, expect, test } from 'vitest';
import { painted, plain } from '../src/colour.ts';
import { ladder } from '../src/demo/ladder.ts';
import type { Passage } from '../src/demo/wire-log.ts';

const invite = new Request({
  method: 'INVITE',
  uri: 'sip:bob@example.com',
  headers: { CSeq: '1 INVITE', 'Content-Type': 'application/sdp' },
});
const answer = (status: number, reason?: string): Response =>
  new Response({ status, ...(reason && { reason }), headers: { CSeq: '1 INVITE' } });

const passage = (at: number, from: string, to: string, message: Passage['message']): Passage => ({
  at,
  from,
  to,
  protocol: 'udp',
  message,
  repeated: false,
});

const parties = ['alice', 'pbx', 'bob'];

describe('ladder', () => {
  test('draws time, arrows and lifelines', () => {
    const passages = [
      passage(1000, 'alice', 'pbx', invite),
      passage(1002.25, 'pbx', 'bob', invite),
      { ...passage(1502, 'pbx', 'bob', invite), repeated: true },
      passage(1510, 'bob', 'pbx', answer(180)),
      passage(1511, 'pbx', 'alice', answer(200)),
    ];
    expect(ladder(passages, { parties, width: 64, paint: plain })).toEqual([
      '       ms  alice                    pbx                      bob',
      '      0.0  │───── INVITE + SDP ────▶│                        │',
      '      2.3  │                        │───── INVITE + SDP ────▶│',
      '    502.0  │                        │── INVITE + SDP again ─▶│',
      '    510.0  │                        │◀ 180 Ringing (INVITE) ─│',
      '    511.0  │◀─── 200 OK (INVITE) ───│                        │',
    ]);
  });

  test('draws an arrow past a party that it does not concern', () => {
    expect(
      ladder([passage(0, 'alice', 'bob', invite)], { parties, width: 52, paint: plain })[1],
    ).toBe('      0.0  │─────────── INVITE + SDP ───────────▶│');
  });

  test('gives a stranger a column of its own', () => {
    const lines = ladder([passage(0, '127.0.0.1:5080', 'pbx', invite)], {
      parties: ['pbx'],
      width: 60,
      paint: plain,
    });
    expect(lines).toEqual([
      '       ms  pbx                                127.0.0.1:5080',
      '      0.0  │◀───────── INVITE + SDP ──────────│',
    ]);
  });

  test.each([
    { room: 'for all', width: 110, shown: '407 Proxy Authentication Required (INVITE)' },
    { room: 'without the method', width: 90, shown: '407 Proxy Authentication Required ' },
    { room: 'for a piece', width: 60, shown: '407 Proxy Authent…' },
  ])('shows what there is room for: $room', ({ width, shown }) => {
    const [header = '', row = ''] = ladder([passage(0, 'pbx', 'alice', answer(407))], {
      parties,
      width,
      paint: plain,
    });
    expect(row).toContain(shown);
    // No label moves the lines.
    expect(row.lastIndexOf('│')).toBe(header.indexOf('bob'));
    expect(header.length).toBeLessThanOrEqual(width);
  });

  test.each([
    { message: invite, code: 36 },
    { message: answer(180), code: 34 },
    { message: answer(200), code: 32 },
    { message: answer(401), code: 33 },
    { message: answer(486), code: 31 },
  ])('paints by kind: $code', ({ message, code }) => {
    const [, row] = ladder([passage(0, 'alice', 'pbx', message)], {
      parties,
      width: 80,
      paint: painted,
    });
    expect(row).toContain(`\u001B[${code}m─`);
  });

  test('lets no peer write to the terminal', () => {
    const [, row] = ladder([passage(0, 'pbx', 'alice', answer(486, 'x\u001B[2J'))], {
      parties,
      width: 120,
      paint: plain,
    });
    expect(row).not.toContain('\u001B');
    expect(row).toContain('486 x\\u{1b}[2J');
  });
});
