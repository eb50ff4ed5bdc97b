import { SIPXError } from '@sipx/contracts';
import {
  ackForSuccess,
  confirmed,
  type Dialog,
  dialogFromRequest,
  dialogFromResponse,
  dialogRequest,
  receiveInDialog,
  refreshTarget,
  terminated,
} from '@sipx/fsm';
import { type Message, serialize } from '@sipx/message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Parts, request, response } from './messages.ts';

const CONTACT_A = 'Contact: <sip:alice@192.0.2.1>';
const CONTACT_B = 'Contact: <sip:bob@192.0.2.2>';
const TO_B = '<sip:bob@biloxi.example>;tag=b';
const routes = (...names: string[]): string[] => names.map((name) => `Record-Route: <sip:${name}>`);

const uac = (parts: Parts = {}, status = 180): Dialog =>
  dialogFromResponse(request(), response(status, { headers: [CONTACT_B], ...parts }));
const uas = (parts: Parts = {}, status = 180): Dialog =>
  dialogFromRequest(request({ headers: [CONTACT_A], ...parts }), response(status));

/** A message's lines sans the two that are the same everywhere. */
const lines = (message: Message): string[] =>
  new TextDecoder()
    .decode(serialize(message))
    .split('\r\n')
    .filter((line) => line !== '' && !/^(Content-Length|Max-Forwards)/.test(line));

const show = ({ local, remote, remoteTarget, routeSet, ...rest }: Dialog): object => ({
  ...rest,
  local: `${local}`,
  remote: `${remote}`,
  remoteTarget: `${remoteTarget}`,
  routeSet: routeSet.map(String),
});

const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return error instanceof SIPXError ? error.code : `${error}`;
  }
  return 'nothing thrown';
};

describe('comes into being', () => {
  it("at the caller: 12.1.2, the response's Record-Route backwards", () => {
    const headers = [
      CONTACT_B,
      'Record-Route: <sip:p3;lr>, <sip:p2;lr>',
      'Record-Route: <sip:p1;lr>',
    ];
    expect(show(uac({ headers }))).toEqual({
      id: { callId: 'call-1@alice.example', localTag: 'a', remoteTag: 'b' },
      state: 'early',
      role: 'uac',
      local: '<sip:alice@atlanta.example>;tag=a',
      remote: TO_B,
      remoteTarget: 'sip:bob@192.0.2.2',
      routeSet: ['<sip:p1;lr>', '<sip:p2;lr>', '<sip:p3;lr>'],
      localCSeq: 7,
      secure: false,
    });
  });

  it("at the callee: 12.1.1, the request's Record-Route in order", () => {
    const headers = [
      CONTACT_A,
      'Record-Route: <sip:p3;lr>, <sip:p2;lr>',
      'Record-Route: <sip:p1;lr>',
    ];
    expect(show(uas({ headers }))).toEqual({
      id: { callId: 'call-1@alice.example', localTag: 'b', remoteTag: 'a' },
      state: 'early',
      role: 'uas',
      local: TO_B,
      remote: '<sip:alice@atlanta.example>;tag=a',
      remoteTarget: 'sip:alice@192.0.2.1',
      routeSet: ['<sip:p3;lr>', '<sip:p2;lr>', '<sip:p1;lr>'],
      localCSeq: 0,
      remoteCSeq: 7,
      secure: false,
    });
  });

  it.each([
    [101, 'early'],
    [199, 'early'],
    [200, 'confirmed'],
    [299, 'confirmed'],
    [100, 'SIPX_USAGE'],
    [300, 'SIPX_USAGE'],
    [486, 'SIPX_USAGE'],
  ])('by a %i: %s', (status, expected) => {
    const state = (make: () => Dialog): string => {
      const thrown = code(make);
      return thrown === 'nothing thrown' ? make().state : thrown;
    };
    expect(state(() => uac({}, status))).toBe(expected);
    expect(state(() => uas({}, status))).toBe(expected);
  });

  it('secure when the Request-URI was sips', () => {
    const asked = request({ uri: 'sips:bob@biloxi.example', headers: [CONTACT_A] });
    expect(dialogFromResponse(asked, response(200)).secure).toBe(true);
    expect(dialogFromRequest(asked, response(200)).secure).toBe(true);
  });

  it('without a Contact: the caller keeps its Request-URI, the callee refuses', () => {
    expect(`${uac({ headers: [] }).remoteTarget}`).toBe('sip:bob@biloxi.example');
    expect(code(() => uas({ headers: [] }))).toBe('SIPX_MESSAGE_INVALID');
    expect(code(() => uas({ headers: ['Contact: *'] }))).toBe('SIPX_MESSAGE_INVALID');
  });

  it('with a peer that gives no tag (RFC 2543)', () => {
    expect(uac({ to: '<sip:bob@biloxi.example>' }).id.remoteTag).toBe('');
    expect(uas({ from: '<sip:alice@atlanta.example>' }).id.remoteTag).toBe('');
  });
});

describe('is confirmed (13.2.2.4)', () => {
  const ok = response(200, {
    headers: ['Contact: <sip:bob@192.0.2.9>', 'Record-Route: <sip:p9;lr>, <sip:p8;lr>'],
  });

  it('at the caller with a route set and target from the 2xx', () => {
    const early = uac({ headers: [CONTACT_B, 'Record-Route: <sip:p1;lr>'] });
    expect(show(confirmed(early, ok))).toEqual({
      ...show(early),
      state: 'confirmed',
      remoteTarget: 'sip:bob@192.0.2.9',
      routeSet: ['<sip:p8;lr>', '<sip:p9;lr>'],
    });
    expect(confirmed(early, response(200)).routeSet).toEqual([]);
  });

  it('at the callee with nothing else changed', () => {
    const early = uas({ headers: [CONTACT_A, 'Record-Route: <sip:p1;lr>'] });
    expect(show(confirmed(early, ok))).toEqual({ ...show(early), state: 'confirmed' });
  });

  it('once', () => {
    const dialog = uac({}, 200);
    expect(confirmed(dialog, ok)).toBe(dialog);
    const ended = terminated(dialog);
    expect(ended.state).toBe('terminated');
    expect(terminated(ended)).toBe(ended);
    expect(confirmed(ended, ok)).toBe(ended);
  });
});

describe('moves its remote target', () => {
  const moved = ['Contact: <sip:bob@198.51.100.1>'];
  const cases: readonly [name: string, message: Message, moves: boolean][] = [
    ['INVITE', request({ headers: moved }), true],
    ['UPDATE', request({ method: 'UPDATE', headers: moved }), true],
    ['SUBSCRIBE', request({ method: 'SUBSCRIBE', headers: moved }), true],
    ['NOTIFY', request({ method: 'NOTIFY', headers: moved }), true],
    ['REFER', request({ method: 'REFER', headers: moved }), true],
    ['OPTIONS', request({ method: 'OPTIONS', headers: moved }), false],
    ['INFO', request({ method: 'INFO', headers: moved }), false],
    ['PRACK', request({ method: 'PRACK', headers: moved }), false],
    ['INVITE without Contact', request(), false],
    ['200 to INVITE', response(200, { headers: moved }), true],
    ['200 to UPDATE', response(200, { method: 'UPDATE', headers: moved }), true],
    ['200 to BYE', response(200, { method: 'BYE', headers: moved }), false],
    ['200 without Contact', response(200), false],
    ['302 to INVITE', response(302, { headers: moved }), false],
    ['180 to INVITE', response(180, { headers: moved }), false],
  ];

  it.each(cases)('%s', (_, message, moves) => {
    const dialog = uac();
    const target = moves ? 'sip:bob@198.51.100.1' : 'sip:bob@192.0.2.2';
    expect(show(refreshTarget(dialog, message))).toEqual({ ...show(dialog), remoteTarget: target });
  });
});

describe('sends requests (12.2.1.1)', () => {
  const cases: readonly [name: string, recorded: string[], uri: string, route: string[]][] = [
    ['straight', [], 'sip:bob@192.0.2.2', []],
    ['by a loose router', ['p1;lr'], 'sip:bob@192.0.2.2', ['<sip:p1;lr>']],
    ['by two', ['p2;lr', 'p1;lr'], 'sip:bob@192.0.2.2', ['<sip:p1;lr>', '<sip:p2;lr>']],
    ['by a strict router', ['p1'], 'sip:p1', ['<sip:bob@192.0.2.2>']],
    ['strict, then loose', ['p2;lr', 'p1'], 'sip:p1', ['<sip:p2;lr>', '<sip:bob@192.0.2.2>']],
    ['loose, then strict', ['p2', 'p1;lr'], 'sip:bob@192.0.2.2', ['<sip:p1;lr>', '<sip:p2>']],
    [
      'a strict router without what a Request-URI may not hold',
      ['p1;method=INVITE;transport=tcp?Subject=x'],
      'sip:p1;transport=tcp',
      ['<sip:bob@192.0.2.2>'],
    ],
  ];

  it.each(cases)('%s', (_, recorded, uri, route) => {
    const dialog = uac({ headers: [CONTACT_B, ...routes(...recorded)] });
    expect(lines(dialogRequest(dialog, 'BYE').request)).toEqual([
      `BYE ${uri} SIP/2.0`,
      ...route.map((value) => `Route: ${value}`),
      'From: <sip:alice@atlanta.example>;tag=a',
      `To: ${TO_B}`,
      'Call-ID: call-1@alice.example',
      'CSeq: 8 BYE',
    ]);
  });

  it('of the callee the other way round, from 1', () => {
    const first = dialogRequest(uas(), 'BYE');
    expect(lines(first.request)).toEqual([
      'BYE sip:alice@192.0.2.1 SIP/2.0',
      `From: ${TO_B}`,
      'To: <sip:alice@atlanta.example>;tag=a',
      'Call-ID: call-1@alice.example',
      'CSeq: 1 BYE',
    ]);
    expect(dialogRequest(first.dialog, 'BYE').request.cseq.sequence).toBe(2);
  });

  it('with headers and a body of the caller, who cannot change what the dialog says', () => {
    const { request: sent } = dialogRequest(uac(), 'INFO', {
      headers: [
        ['Content-Type', 'text/plain'],
        ['Max-Forwards', '5'],
        ['t', '<sip:mallory@example.com>'],
        ['Call-ID', 'x'],
        ['Route', '<sip:mallory>'],
      ],
      body: 'five!',
    });
    expect(lines(sent)).toEqual([
      'INFO sip:bob@192.0.2.2 SIP/2.0',
      'From: <sip:alice@atlanta.example>;tag=a',
      `To: ${TO_B}`,
      'Call-ID: call-1@alice.example',
      'CSeq: 8 INFO',
      'Content-Type: text/plain',
      'five!',
    ]);
    expect(sent.headers.getAll('Max-Forwards')).toEqual([5]);
  });

  it('with Max-Forwards 70 when nobody says otherwise', () => {
    expect(dialogRequest(uac(), 'BYE').request.headers.get('Max-Forwards')).toBe(70);
  });
});

describe('acknowledges a 2xx (13.2.2.4)', () => {
  const credentials = [
    'Authorization: Digest username="alice", realm="b", nonce="1", uri="u", response="r"',
    'Proxy-Authorization: Digest username="alice", realm="p", nonce="2", uri="u", response="s"',
  ];
  const invite = request({ cseq: 9, headers: ['Route: <sip:preloaded;lr>', ...credentials] });

  it("with the INVITE's number and credentials, the dialog's route", () => {
    const headers = [CONTACT_B, ...routes('p2;lr', 'p1;lr')];
    const later = dialogRequest(uac({ headers }, 200), 'INFO').dialog;
    expect(lines(ackForSuccess(later, invite))).toEqual([
      'ACK sip:bob@192.0.2.2 SIP/2.0',
      'Route: <sip:p1;lr>',
      'Route: <sip:p2;lr>',
      'From: <sip:alice@atlanta.example>;tag=a',
      `To: ${TO_B}`,
      'Call-ID: call-1@alice.example',
      'CSeq: 9 ACK',
      ...credentials,
    ]);
  });

  it('with a body, and credentials of the caller instead', () => {
    const ack = ackForSuccess(uac({}, 200), invite, {
      headers: [
        ['Authorization', 'Digest x="y"'],
        ['Content-Type', 'application/sdp'],
      ],
      body: 'v=0',
    });
    expect(ack.headers.rawAll('Authorization')).toEqual(['Digest x="y"']);
    expect(ack.headers.rawAll('Proxy-Authorization')).toHaveLength(1);
    expect(new TextDecoder().decode(ack.content)).toBe('v=0');
  });
});

describe('receives requests (12.2.2)', () => {
  const cases: readonly [has: number | undefined, method: string, cseq: number, then: unknown][] = [
    [undefined, 'BYE', 4, 4],
    [undefined, 'BYE', 0, 0],
    [7, 'BYE', 8, 8],
    [7, 'BYE', 4_000_000_000, 4_000_000_000],
    [7, 'BYE', 7, 7],
    [7, 'BYE', 6, 500],
    [7, 'ACK', 7, 7],
    [7, 'ACK', 3, 7],
    [7, 'CANCEL', 3, 7],
    [7, 'CANCEL', 9, 7],
  ];

  it.each(cases)('remote CSeq %s, then %s %i: %s', (has, method, cseq, then) => {
    const { remoteCSeq: _, ...fresh } = uas();
    const dialog: Dialog = has === undefined ? fresh : { ...fresh, remoteCSeq: has };
    const result = receiveInDialog(dialog, request({ method, cseq, to: TO_B }));
    expect('status' in result ? result.status : result.dialog.remoteCSeq).toBe(then);
  });
});

describe('of both sides', () => {
  const hosts = fc.array(fc.constantFrom('p1;lr', 'p2;lr', 'p3;lr;transport=tcp'), {
    maxLength: 4,
  });

  it('agrees: route sets mirror, and each side takes what the other sends', () => {
    fc.assert(
      fc.property(hosts, fc.array(fc.boolean(), { maxLength: 10 }), (recorded, turns) => {
        const headers = [CONTACT_B, ...routes(...recorded)];
        let caller = uac({ headers }, 200);
        let callee = uas({ headers: [CONTACT_A, ...routes(...recorded)] }, 200);
        expect(caller.routeSet.map(String)).toEqual(callee.routeSet.map(String).reverse());
        for (const callersTurn of turns) {
          const sent = dialogRequest(callersTurn ? caller : callee, 'INFO');
          const taken = receiveInDialog(callersTurn ? callee : caller, sent.request);
          if ('status' in taken) throw new TypeError('refused');
          [caller, callee] = callersTurn
            ? [sent.dialog, taken.dialog]
            : [taken.dialog, sent.dialog];
          expect(sent.request.to.tag).toBe(callersTurn ? callee.id.localTag : caller.id.localTag);
        }
        const ours = turns.filter(Boolean).length;
        expect(caller.localCSeq).toBe(7 + ours);
        expect(callee.localCSeq).toBe(turns.length - ours);
      }),
    );
  });
});
