import { Endpoint, parseAddress, type WireEvent } from 'sipx';
import { expect, test } from 'vitest';
import { transportOf } from '../src/demo/transport-of.ts';
import { WireLog } from '../src/demo/wire-log.ts';

const options = (callId: string, method = 'OPTIONS'): Uint8Array =>
  new TextEncoder().encode(
    `${method} sip:bob@example.com SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: 1 ${method}\r\n\r\n`,
  );

const ALICE = '127.0.0.1:5061';
const PBX = '127.0.0.1:5060';

const watched = (): { log: WireLog; alice: Endpoint; pbx: Endpoint } => {
  const [alice, pbx] = [new Endpoint(), new Endpoint()];
  const log = new WireLog();
  log.watch('alice', alice);
  log.watch('pbx', pbx);
  return { log, alice, pbx };
};

const emit = (
  endpoint: Endpoint,
  direction: WireEvent['direction'],
  [local, remote]: readonly [string, string],
  bytes: Uint8Array,
  at: number,
  protocol: 'udp' | 'tcp' = 'udp',
): void => {
  const addresses = {
    local: parseAddress(`${protocol}:${local}`),
    remote: parseAddress(`${protocol}:${remote}`),
  };
  endpoint.emit('wire', { direction, bytes, protocol, at, ...addresses });
};

const shown = (log: WireLog, ...callIds: string[]): string[] =>
  log
    .passages(callIds)
    .map(({ at, from, to, repeated }) => `${at} ${from} > ${to}${repeated ? ' again' : ''}`);

test('what leaves one party and arrives at another is one passage, at the time of leaving', () => {
  const { log, alice, pbx } = watched();
  emit(alice, 'out', [ALICE, PBX], options('a'), 1);
  emit(pbx, 'in', [PBX, ALICE], options('a'), 2);
  expect(shown(log, 'a')).toEqual(['1 alice > pbx']);
});

test('a connection’s own port does not hide who sent', () => {
  const { log, alice, pbx } = watched();
  emit(alice, 'out', [ALICE, PBX], options('a'), 1, 'tcp');
  emit(pbx, 'in', [PBX, '127.0.0.1:49152'], options('a'), 2, 'tcp');
  emit(pbx, 'out', [PBX, '127.0.0.1:49152'], options('b'), 3, 'tcp');
  emit(alice, 'in', [ALICE, PBX], options('b'), 4, 'tcp');
  expect(shown(log, 'a', 'b')).toEqual(['1 alice > pbx', '3 pbx > alice']);
  expect(transportOf('alice', log.passages(['a', 'b']))).toBe('tcp');
});

test('a retransmission is a passage of its own, also when the first one was lost', () => {
  const { log, alice, pbx } = watched();
  emit(alice, 'out', [ALICE, PBX], options('a'), 1);
  emit(alice, 'out', [ALICE, PBX], options('a'), 501);
  emit(pbx, 'in', [PBX, ALICE], options('a'), 502);
  expect(shown(log, 'a')).toEqual(['1 alice > pbx', '501 alice > pbx again']);
});

test('who is not watched goes by address', () => {
  const { log, pbx } = watched();
  emit(pbx, 'in', [PBX, '127.0.0.1:7000'], options('a'), 1);
  emit(pbx, 'out', [PBX, '127.0.0.1:7001'], options('a'), 2);
  expect(shown(log, 'a')).toEqual(['1 127.0.0.1:7000 > pbx', '2 pbx > 127.0.0.1:7001']);
});

test('Call-IDs tell calls apart, and what is no message is left out', () => {
  const { log, alice } = watched();
  emit(alice, 'out', [ALICE, PBX], options('a'), 1);
  emit(alice, 'out', [ALICE, PBX], options('b'), 2);
  emit(alice, 'out', [ALICE, PBX], new TextEncoder().encode('\r\n\r\n'), 3);
  expect(log.callIds()).toEqual(['a', 'b']);
  expect(shown(log, 'b')).toEqual(['2 alice > 127.0.0.1:5060']);
});

test('sees nothing once closed', () => {
  const { log, alice } = watched();
  log.close();
  emit(alice, 'out', [ALICE, PBX], options('a'), 1);
  expect(log.callIds()).toEqual([]);
});
