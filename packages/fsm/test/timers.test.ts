import type { TransactionKind } from '@sipx/fsm';
import { describe, expect, it } from 'vitest';
import { type EventName, TimedPlay } from './play.ts';

const each = (word: string, ...times: number[]): string[] => times.map((time) => `${time} ${word}`);

/** Events with the time at which they happen (ms), and all that was heard of until the end. */
interface TimeCase {
  readonly name: string;
  readonly kind: TransactionKind;
  readonly reliable: boolean;
  readonly events: readonly (readonly [at: number, event: EventName])[];
  readonly log: readonly string[];
}

const CASES: readonly TimeCase[] = [
  {
    name: 'an INVITE that nobody answers: A doubles without end, B after 64*T1',
    kind: 'invite-client',
    reliable: false,
    events: [[0, 'start']],
    log: [
      ...each('send request', 0, 500, 1500, 3500, 7500, 15_500, 31_500),
      '32000 fail SIPX_TRANSACTION_TIMEOUT',
      '32000 terminated',
    ],
  },
  {
    name: 'the same on a reliable transport',
    kind: 'invite-client',
    reliable: true,
    events: [[0, 'start']],
    log: ['0 send request', '32000 fail SIPX_TRANSACTION_TIMEOUT', '32000 terminated'],
  },
  {
    name: 'an INVITE that rings: neither sent again nor timed out',
    kind: 'invite-client',
    reliable: false,
    events: [
      [0, 'start'],
      [600, 'provisional'],
      [100_000, 'success'],
      [100_500, 'success'],
    ],
    log: [
      ...each('send request', 0, 500),
      '600 deliver 180',
      '100000 deliver 200',
      '100500 deliver 200',
      '132000 terminated',
    ],
  },
  {
    name: 'a refused INVITE: D',
    kind: 'invite-client',
    reliable: false,
    events: [
      [0, 'start'],
      [100, 'failure'],
      [600, 'failure'],
    ],
    log: ['0 send request', '100 send ACK', '100 deliver 486', '600 send ACK', '32100 terminated'],
  },
  {
    name: 'a refused INVITE on a reliable transport: D is 0',
    kind: 'invite-client',
    reliable: true,
    events: [
      [0, 'start'],
      [100, 'failure'],
    ],
    log: ['0 send request', '100 send ACK', '100 deliver 486', '100 terminated'],
  },
  {
    name: 'an accepted INVITE on a reliable transport: M is not 0',
    kind: 'invite-client',
    reliable: true,
    events: [
      [0, 'start'],
      [100, 'success'],
    ],
    log: ['0 send request', '100 deliver 200', '32100 terminated'],
  },
  {
    name: 'a request that nobody answers: E doubles up to T2, F after 64*T1',
    kind: 'non-invite-client',
    reliable: false,
    events: [[0, 'start']],
    log: [
      ...each('send request', 0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500),
      '31500 send request',
      '32000 fail SIPX_TRANSACTION_TIMEOUT',
      '32000 terminated',
    ],
  },
  {
    name: 'a 1xx to a request: E goes on, at T2, and so does F',
    kind: 'non-invite-client',
    reliable: false,
    events: [
      [0, 'start'],
      [600, 'provisional'],
    ],
    log: [
      ...each('send request', 0, 500),
      '600 deliver 180',
      ...each('send request', 1500, 5500, 9500, 13_500, 17_500, 21_500, 25_500, 29_500),
      '32000 fail SIPX_TRANSACTION_TIMEOUT',
      '32000 terminated',
    ],
  },
  {
    name: 'an answered request: K',
    kind: 'non-invite-client',
    reliable: false,
    events: [
      [0, 'start'],
      [100, 'success'],
      [200, 'success'],
    ],
    log: ['0 send request', '100 deliver 200', '5100 terminated'],
  },
  {
    name: 'an answered request on a reliable transport: K is 0',
    kind: 'non-invite-client',
    reliable: true,
    events: [
      [0, 'start'],
      [100, 'success'],
    ],
    log: ['0 send request', '100 deliver 200', '100 terminated'],
  },
  {
    name: 'a refusal that nobody ACKs: G doubles up to T2, H after 64*T1',
    kind: 'invite-server',
    reliable: false,
    events: [[0, 'respond 486']],
    log: [
      ...each('send 486', 0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500),
      '31500 send 486',
      '32000 fail SIPX_TRANSACTION_TIMEOUT',
      '32000 terminated',
    ],
  },
  {
    name: 'the same on a reliable transport',
    kind: 'invite-server',
    reliable: true,
    events: [[0, 'respond 486']],
    log: ['0 send 486', '32000 fail SIPX_TRANSACTION_TIMEOUT', '32000 terminated'],
  },
  {
    name: 'a refusal with its ACK: I',
    kind: 'invite-server',
    reliable: false,
    events: [
      [0, 'respond 486'],
      [600, 'ack'],
      [700, 'ack'],
    ],
    log: [...each('send 486', 0, 500), '5600 terminated'],
  },
  {
    name: 'a refusal with its ACK on a reliable transport: I is 0',
    kind: 'invite-server',
    reliable: true,
    events: [
      [0, 'respond 486'],
      [600, 'ack'],
    ],
    log: ['0 send 486', '600 terminated'],
  },
  {
    name: 'an accepted INVITE: L, on any transport; nothing is sent again by itself',
    kind: 'invite-server',
    reliable: true,
    events: [
      [0, 'respond 200'],
      [500, 'respond 200'],
      [600, 'request'],
    ],
    log: [...each('send 200', 0, 500), '32000 terminated'],
  },
  {
    name: 'an answer to a request: J',
    kind: 'non-invite-server',
    reliable: false,
    events: [
      [0, 'respond 200'],
      [600, 'request'],
    ],
    log: [...each('send 200', 0, 600), '32000 terminated'],
  },
  {
    name: 'an answer to a request on a reliable transport: J is 0',
    kind: 'non-invite-server',
    reliable: true,
    events: [[0, 'respond 200']],
    log: ['0 send 200', '0 terminated'],
  },
];

describe('on the clock', () => {
  it.each(CASES)('$name', ({ kind, reliable, events, log }) => {
    const play = new TimedPlay(kind, reliable);
    for (const [at, event] of events) play.until(at).do(event);
    play.until(200_000);
    expect(play.log).toEqual(log);
    expect(play.manager.gauges.transactions).toBe(0);
  });
});
