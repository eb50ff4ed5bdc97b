import { expect, test } from 'vitest';
import type { CallReport } from '../src/demo/call-report.ts';
import { faultsOf } from '../src/demo/faults.ts';

const packets = { sent: 70, received: 70, lost: 0, jitterMs: 1 };
const good: CallReport = {
  from: 'alice',
  to: 'bob',
  transport: 'udp',
  setupMs: 20,
  durationMs: 1500,
  tone: { sentHz: 440, heardHz: 440.2, heardBy: 'bob' },
  returnTone: { sentHz: 660, heardHz: 659.9, heardBy: 'alice' },
  rtp: packets,
  peerRtp: packets,
  dtmf: '1234#',
  ended: 'remote',
};
const expected = {
  transport: 'udp',
  tone: 440,
  returnTone: 660,
  dtmf: '1234#',
  ended: 'remote',
} as const;
const { returnTone: _, ...withoutReturn } = good;

const cases: { name: string; call: CallReport; faults: string[] }[] = [
  { name: 'all holds', call: good, faults: [] },
  {
    name: 'transport',
    call: { ...good, transport: 'udp+tcp' },
    faults: ['alice → bob: the transport was udp+tcp, not udp'],
  },
  {
    name: 'silence',
    call: { ...good, tone: { ...good.tone, heardHz: 0 } },
    faults: ['alice → bob: bob heard 0 Hz, not 440 Hz'],
  },
  {
    name: 'no return',
    call: withoutReturn,
    faults: ['alice → bob: nobody heard 0 Hz, not 660 Hz'],
  },
  {
    name: 'digits',
    call: { ...good, dtmf: '1234' },
    faults: ['alice → bob: what came of the digits was 1234, not 1234#'],
  },
  {
    name: 'hung up',
    call: { ...good, ended: 'local' },
    faults: ['alice → bob: who hung up was local, not remote'],
  },
  {
    name: 'loss',
    call: { ...good, peerRtp: { ...packets, lost: 2 } },
    faults: ['alice → bob: bob lost 2 packets'],
  },
  {
    name: 'no sound',
    call: { ...good, rtp: { ...packets, sent: 0, received: 0 } },
    faults: ['alice → bob: alice sent no packets', 'alice → bob: alice received no packets'],
  },
];

test.each(cases)('$name', ({ call, faults }) => {
  expect(faultsOf(call, expected)).toEqual(faults);
});
