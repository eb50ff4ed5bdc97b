import type { Paint } from '../colour.ts';
import type { CallReport, Packets, Tone } from './call-report.ts';

/** What was measured of a call, for people. */
export const summary = (call: CallReport, paint: Paint): string[] => {
  const { from, to, setupMs, durationMs, ended, dtmf } = call;
  const who = ended === 'local' ? from : to;
  return [
    `  up after ${setupMs} ms; ${who} hung up after ${(durationMs / 1000).toFixed(1)} s`,
    `  ${[call.tone, call.returnTone]
      .filter((tone) => tone !== undefined)
      .map(heard)
      .join(', ')}`,
    ...(dtmf === undefined ? [] : [`  ${to} received the digits ${dtmf}`]),
    paint('dim', '  packets      sent  received    lost     jitter'),
    packets(from, call.rtp),
    ...(call.peerRtp ? [packets(to, call.peerRtp)] : []),
  ];
};

const heard = ({ heardBy, heardHz, sentHz }: Tone): string =>
  `${heardBy} heard ${heardHz} Hz (${sentHz} Hz sent)`;

const packets = (who: string, { sent, received, lost, jitterMs }: Packets): string => {
  const numbers = [`${sent}`.padStart(6), `${received}`.padStart(10), `${lost}`.padStart(8)];
  return `  ${who.padEnd(9)}${numbers.join('')}${`${jitterMs.toFixed(2)} ms`.padStart(11)}`;
};
