/** RFC 3261 17 and RFC 6026 (`accepted`). Client: calling or trying first. Server: proceeding or trying. */
export const TransactionState = {
  CALLING: 'calling',
  TRYING: 'trying',
  PROCEEDING: 'proceeding',
  COMPLETED: 'completed',
  CONFIRMED: 'confirmed',
  ACCEPTED: 'accepted',
  TERMINATED: 'terminated',
} as const;

export type TransactionState = (typeof TransactionState)[keyof typeof TransactionState];

export type TransactionKind =
  | 'invite-client'
  | 'invite-server'
  | 'non-invite-client'
  | 'non-invite-server';

/** What `StateManager` owns and changes; everybody else reads. */
export interface Transaction {
  /** The key it is matched by (17.1.3, 17.2.3): unique within its side among the living. */
  readonly id: string;
  readonly kind: TransactionKind;
  /** Of the request; an ACK belongs to its INVITE. */
  readonly method: string;
  readonly state: TransactionState;
  /** Whether it runs over TCP, TLS or WebSocket, where nothing is retransmitted. */
  readonly reliable: boolean;
  /** Of a server transaction: the same request came by another way before (8.2.2.2). */
  readonly merged: boolean;
  /** For whoever runs it to keep what belongs to it. */
  run: unknown;
}
