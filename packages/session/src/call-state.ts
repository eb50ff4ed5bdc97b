/** Where a call stands. It only moves down this list. */
export const CallState = {
  /** The INVITE is out, or has come in, and nothing else. */
  CALLING: 'calling',
  /** The called side is alerting its user. */
  RINGING: 'ringing',
  /** A 2xx went over the wire; its ACK has not yet. */
  ANSWERED: 'answered',
  /** Both sides know that the call is up. */
  CONFIRMED: 'confirmed',
  ENDED: 'ended',
} as const;

export type CallState = (typeof CallState)[keyof typeof CallState];

const order: readonly CallState[] = ['calling', 'ringing', 'answered', 'confirmed', 'ended'];

/** A late 180 does not take an answered call back to ringing. */
export const isForward = (from: CallState, to: CallState): boolean =>
  order.indexOf(to) > order.indexOf(from);
