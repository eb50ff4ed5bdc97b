import type { NameAddr, URI } from '@sipx/message';

export const DialogState = {
  EARLY: 'early',
  CONFIRMED: 'confirmed',
  TERMINATED: 'terminated',
} as const;

export type DialogState = (typeof DialogState)[keyof typeof DialogState];

/** Where a dialog can go from each state (RFC 3261 12): a 2xx confirms it, and it ends once. */
export const dialogMoves: Readonly<Record<DialogState, readonly DialogState[]>> = {
  early: ['confirmed', 'terminated'],
  confirmed: ['terminated'],
  terminated: [],
};

/** RFC 3261 12. A tag that an old peer did not give is ''. */
export interface DialogId {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** A dialog at one moment; the functions of this folder give the next one. RFC 3261 12. */
export interface Dialog {
  readonly id: DialogId;
  readonly state: DialogState;
  /** Who sent the request that made it. */
  readonly role: 'uac' | 'uas';
  /** This side's From, tag included, for its requests. */
  readonly local: NameAddr;
  /** The peer's: To of requests to it. */
  readonly remote: NameAddr;
  /** Where requests to the peer are aimed: its Contact. */
  readonly remoteTarget: URI;
  /** In the order in which requests of this side visit them. */
  readonly routeSet: readonly NameAddr[];
  /** CSeq number of this side's last request; 0 before the first. */
  readonly localCSeq: number;
  /** CSeq number of the peer's last request; none before the first. */
  readonly remoteCSeq?: number;
  /** Made by a request to a sips URI. */
  readonly secure: boolean;
}
