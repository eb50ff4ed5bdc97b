import type { SIPXError } from '@sipx/contracts';
import type { Message } from '@sipx/message';
import type { TimerName } from './timer-name.ts';

/** What a step asks of the runner, to be done in the order given. Timers come before the sends they guard. */
export type Effect = SendEffect | DeliverEffect | StartEffect | FailEffect;

/** To the transaction's own destination and connection. The bytes are kept here: do not change them. */
export interface SendEffect {
  readonly type: 'send';
  readonly bytes: Uint8Array;
}

/** To the transaction user: a response to a client, the ACK for a 2xx to a server. */
export interface DeliverEffect {
  readonly type: 'deliver';
  readonly message: Message;
}

/** `after` in milliseconds; 0 still comes back as an event of its own. A timer already running starts anew. */
export interface StartEffect {
  readonly type: 'start';
  readonly timer: TimerName;
  readonly after: number;
}

/** To the transaction user: no answer came in time, or the transport failed. */
export interface FailEffect {
  readonly type: 'fail';
  readonly error: SIPXError;
}

export const send = (bytes: Uint8Array): SendEffect => ({ type: 'send', bytes });

export const deliver = (message: Message): DeliverEffect => ({ type: 'deliver', message });

export const start = (timer: TimerName, after: number): StartEffect => ({
  type: 'start',
  timer,
  after,
});

export const fail = (error: SIPXError): FailEffect => ({ type: 'fail', error });
