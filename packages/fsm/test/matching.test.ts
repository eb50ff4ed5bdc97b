import { StateManager, type Transaction } from '@sipx/fsm';
import { describe, expect, it } from 'vitest';
import { bytes, type Parts, request, response } from './messages.ts';

const options = { reliable: false, timers: { t1: 500, t2: 4000, t4: 5000 } } as const;
const via = (branch: string, sentBy = 'alice.example:5060'): readonly string[] => [
  `SIP/2.0/UDP ${sentBy};branch=${branch}`,
];

describe('a response finds its client transaction (17.1.3)', () => {
  const cases: readonly [name: string, sent: Parts, received: Parts, found: boolean][] = [
    ['same branch and method', {}, {}, true],
    ['the branch in other case', {}, { via: via('Z9HG4BK-ONE') }, true],
    ['another branch', {}, { via: via('z9hG4bK-two') }, false],
    ['the CANCEL of the same branch', {}, { method: 'CANCEL' }, false],
    ['only the top Via counts', {}, { via: [...via('z9hG4bK-two'), ...via('z9hG4bK-one')] }, false],
    ['no branch', {}, { via: ['SIP/2.0/UDP alice.example'] }, false],
    ['other sent-by, Call-ID and tags', {}, { via: via('z9hG4bK-one', 'x'), callId: 'y' }, true],
  ];

  it.each(cases)('%s', (_, sent, received, found) => {
    const manager = new StateManager();
    const transaction = manager.createClientTransaction(request(sent), bytes(''), options);
    const expected = found ? transaction : undefined;
    expect(manager.findClientTransaction(response(200, received))).toBe(expected);
  });
});

describe('a request finds its server transaction (17.2.3)', () => {
  const old: Parts = { via: ['SIP/2.0/UDP alice.example:5060'] };
  const oldBranch: Parts = { via: via('1') };
  const tagged = '<sip:bob@biloxi.example>;tag=b';
  const cases: readonly [name: string, first: Parts, then: Parts, found: boolean][] = [
    ['a retransmission', {}, {}, true],
    [
      'branch and sent-by in other case',
      {},
      { via: via('Z9hG4bK-ONE', 'ALICE.example:5060') },
      true,
    ],
    ['another sent-by', {}, { via: via('z9hG4bK-one', 'alice.example:5062') }, false],
    ['another branch', {}, { via: via('z9hG4bK-two') }, false],
    ['the ACK of an INVITE', {}, { method: 'ACK', to: tagged }, true],
    ['the ACK for a 2xx', {}, { method: 'ACK', to: tagged, via: via('z9hG4bK-ack') }, false],
    ['a CANCEL is not the INVITE', {}, { method: 'CANCEL' }, false],
    ['a CANCEL again', { method: 'CANCEL' }, { method: 'CANCEL' }, true],
    ['an ACK finds nothing but an INVITE', { method: 'OPTIONS' }, { method: 'ACK' }, false],
    ['RFC 2543: a retransmission', old, old, true],
    ['RFC 2543: a branch without the cookie', oldBranch, oldBranch, true],
    ['RFC 2543: another CSeq', old, { ...old, cseq: 8 }, false],
    ['RFC 2543: another Call-ID', old, { ...old, callId: 'call-2' }, false],
    [
      'RFC 2543: another From tag',
      old,
      { ...old, from: '<sip:alice@atlanta.example>;tag=z' },
      false,
    ],
    ['RFC 2543: another Request-URI', old, { ...old, uri: 'sip:carol@biloxi.example' }, false],
    ['RFC 2543: another Via', oldBranch, { via: via('2') }, false],
    ['RFC 2543: its ACK', old, { ...old, method: 'ACK', to: tagged }, true],
    ['RFC 2543: its ACK under another branch', oldBranch, { via: via('2'), method: 'ACK' }, false],
  ];

  it.each(cases)('%s', (_, first, then, found) => {
    const manager = new StateManager();
    const transaction = manager.createServerTransaction(request(first), options);
    const expected = found ? transaction : undefined;
    expect(manager.findServerTransaction(request(then))).toBe(expected);
  });

  it('RFC 2543: an ACK for what another server answered is not ours', () => {
    const manager = new StateManager();
    const transaction = manager.createServerTransaction(request(old), options);
    manager.step(transaction, { type: 'respond', response: response(486, old), bytes: bytes('') });
    const ack = (tag: string): Transaction | undefined =>
      manager.findServerTransaction(
        request({ ...old, method: 'ACK', to: `<sip:bob@biloxi.example>;tag=${tag}` }),
      );
    expect(ack('B')).toBe(transaction);
    expect(ack('other')).toBeUndefined();
  });
});

describe('a CANCEL finds what it cancels (9.2)', () => {
  const cases: readonly [name: string, first: Parts, cancel: Parts, found: boolean][] = [
    ['the INVITE of its branch', {}, {}, true],
    ['another branch', {}, { via: via('z9hG4bK-two') }, false],
    ['another sent-by', {}, { via: via('z9hG4bK-one', 'mallory.example') }, false],
    ['not an OPTIONS', { method: 'OPTIONS' }, {}, false],
    ['RFC 2543', { via: via('1') }, { via: via('1') }, true],
  ];

  it.each(cases)('%s', (_, first, cancel, found) => {
    const manager = new StateManager();
    const transaction = manager.createServerTransaction(request(first), options);
    const expected = found ? transaction : undefined;
    expect(manager.findCancelled(request({ ...cancel, method: 'CANCEL' }))).toBe(expected);
  });
});

describe('a request that came by two ways (8.2.2.2)', () => {
  const two = via('z9hG4bK-two');
  const inDialog = '<sip:bob@biloxi.example>;tag=b';
  const cases: readonly [name: string, first: Parts, second: Parts, merged: boolean][] = [
    ['another branch', {}, { via: two }, true],
    ['another Request-URI too', {}, { via: two, uri: 'sip:bob@192.0.2.1' }, true],
    ['the same branch: a retransmission', {}, {}, false],
    ['another CSeq', {}, { via: two, cseq: 8 }, false],
    ['another method', {}, { via: two, method: 'OPTIONS' }, false],
    ['another Call-ID', {}, { via: two, callId: 'call-2' }, false],
    ['another From tag', {}, { via: two, from: '<sip:alice@atlanta.example>;tag=z' }, false],
    ['in a dialog', { to: inDialog }, { via: two, to: inDialog }, false],
    ['a CANCEL', { method: 'CANCEL' }, { via: two, method: 'CANCEL' }, false],
  ];

  it.each(cases)('%s', (_, first, second, merged) => {
    const manager = new StateManager();
    const transaction = manager.createServerTransaction(request(first), options);
    const expected = merged ? transaction : undefined;
    expect(manager.findMerged(request(second))).toBe(expected);
  });

  it('keeps the cores of one endpoint apart', () => {
    const manager = new StateManager();
    const first = manager.createServerTransaction(request(), { ...options, core: 'proxy' });
    expect(manager.findMerged(request({ via: two }), 'phone')).toBeUndefined();
    expect(manager.findMerged(request({ via: two }), 'proxy')).toBe(first);
  });

  it('means the first of three, and nothing once that has ended', () => {
    const manager = new StateManager();
    const first = manager.createServerTransaction(request(), options);
    manager.createServerTransaction(request({ via: two }), options);
    const third = request({ via: via('z9hG4bK-three') });
    expect(manager.findMerged(third)).toBe(first);
    manager.step(first, { type: 'respond', response: response(200), bytes: bytes('') });
    manager.step(first, { type: 'L' });
    expect(manager.findMerged(third)).toBeUndefined();
  });
});
