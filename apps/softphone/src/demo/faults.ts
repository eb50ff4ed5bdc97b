import type { CallReport, Packets, Tone } from './call-report.ts';

export interface Expected {
  readonly transport: string;
  readonly tone: number;
  readonly returnTone?: number;
  readonly dtmf?: string;
  readonly ended: 'local' | 'remote';
}

/** Hertz: far less than a semitone, far more than G.711 and a quarter of a second blur. */
const TOLERANCE = 3;

/** What a call did not hold to, each in a sentence; empty when all held. */
export const faultsOf = (call: CallReport, expected: Expected): string[] => {
  const name = `${call.from} → ${call.to}`;
  const faults: string[] = [];
  const differs = (what: string, got: unknown, wanted: unknown): void => {
    if (got !== wanted) faults.push(`${name}: ${what} was ${String(got)}, not ${String(wanted)}`);
  };
  const tone = (heard: Tone | undefined, wanted: number | undefined): void => {
    if (wanted === undefined) return;
    if (heard && Math.abs(heard.heardHz - wanted) <= TOLERANCE) return;
    faults.push(
      `${name}: ${heard?.heardBy ?? 'nobody'} heard ${heard?.heardHz ?? 0} Hz, not ${wanted} Hz`,
    );
  };
  const packets = (who: string, heard: Packets | undefined): void => {
    if (!heard) return;
    if (heard.sent === 0) faults.push(`${name}: ${who} sent no packets`);
    if (heard.received === 0) faults.push(`${name}: ${who} received no packets`);
    if (heard.lost > 0) faults.push(`${name}: ${who} lost ${heard.lost} packets`);
  };
  differs('the transport', call.transport, expected.transport);
  tone(call.tone, expected.tone);
  tone(call.returnTone, expected.returnTone);
  differs('what came of the digits', call.dtmf, expected.dtmf);
  differs('who hung up', call.ended, expected.ended);
  packets(call.from, call.rtp);
  packets(call.to, call.peerRtp);
  return faults;
};
