import type { RTPSession } from '@sipx/media';
import { rounded } from '../result.ts';

/** What was measured of one call; nothing in it is what was meant to be. */
export interface CallReport {
  readonly from: string;
  readonly to: string;
  /** Of the caller's signalling, as seen on the wire. */
  readonly transport: string;
  /** From dialling to the answer. */
  readonly setupMs: number;
  /** From the answer to the end. */
  readonly durationMs: number;
  /** The caller's tone, as it was heard at the end of its way. */
  readonly tone: Tone;
  /** The called side's, where it has one of its own. */
  readonly returnTone?: Tone;
  /** The caller's packets. */
  readonly rtp: Packets;
  /** The called side's. */
  readonly peerRtp?: Packets;
  /** Digits that the called side received. */
  readonly dtmf?: string;
  /** Who hung up, as the caller sees it. */
  readonly ended: 'local' | 'remote';
}

export interface Tone {
  readonly sentHz: number;
  readonly heardHz: number;
  readonly heardBy: string;
}

export interface Packets {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly jitterMs: number;
}

export const packetsOf = ({ statistics }: RTPSession): Packets => {
  const { sent, received, lost, jitterMs } = statistics;
  return { sent, received, lost, jitterMs: rounded(jitterMs, 2) };
};
