import { type Request, type Response, serialize } from '@sipx/message';
import { ackFor } from './ack.ts';
import { deliver, send, start } from './effect.ts';
import type { ClientEvent } from './event.ts';
import {
  abandoned,
  done,
  lost,
  type Next,
  type Table,
  type Terminated,
  timedOut,
  to,
} from './machine.ts';
import type { TimerProfile } from './timers.ts';

export type InviteClientState =
  | { readonly name: 'calling'; readonly wait: number } // Timer A, ms; 0 before the first send
  | { readonly name: 'proceeding' }
  | { readonly name: 'accepted' }
  | { readonly name: 'completed'; readonly ack: Uint8Array } // sent again for each repeated 3xx-6xx
  | Terminated;

export interface ClientMachineContext {
  readonly request: Request;
  readonly bytes: Uint8Array;
  readonly timers: TimerProfile;
}

/** INVITE client transaction: RFC 3261 17.1.1.2, figure 5, as RFC 6026 8.4 redraws it. */
export const inviteClient: Table<InviteClientState, ClientEvent, ClientMachineContext> = {
  calling: {
    keeps: ['A', 'B'],
    on: {
      start: (state, _, context) => (state.wait === 0 ? call(context) : undefined),
      // Doubles without end: T2 caps E and G, not A.
      A: ({ wait }, _, { bytes }) =>
        to({ name: 'calling', wait: wait * 2 }, start('A', wait * 2), send(bytes)),
      B: (_, __, { timers }) => timedOut('response to an INVITE', timers),
      provisional: (_, { response }) => to(PROCEEDING, deliver(response)),
      success: (_, { response }, context) => accept(response, context),
      failure: (_, { response }, context) => refuse(response, context),
      transportError: lost,
      abandon: abandoned,
    },
  },
  // Rings as long as the transaction user lets it.
  proceeding: {
    keeps: [],
    on: {
      provisional: (state, { response }) => to(state, deliver(response)),
      success: (_, { response }, context) => accept(response, context),
      failure: (_, { response }, context) => refuse(response, context),
      abandon: abandoned,
    },
  },
  // A 2xx again, or the 2xx of another branch of a fork: the transaction user sends each its ACK.
  accepted: {
    keeps: ['M'],
    on: {
      success: (state, { response }) => to(state, deliver(response)),
      M: done,
      abandon: abandoned,
    },
  },
  completed: {
    keeps: ['D'],
    on: {
      failure: (state) => to(state, send(state.ack)),
      D: done,
      transportError: lost,
      abandon: abandoned,
    },
  },
  terminated: { keeps: [], on: {} },
};

const PROCEEDING: InviteClientState = Object.freeze({ name: 'proceeding' });
const ACCEPTED: InviteClientState = Object.freeze({ name: 'accepted' });

const call = ({ bytes, timers }: ClientMachineContext): Next<InviteClientState> => {
  const { reliable, t1 } = timers;
  const calling: InviteClientState = { name: 'calling', wait: t1 };
  return reliable
    ? to(calling, timers.start.B, send(bytes))
    : to(calling, start('A', t1), timers.start.B, send(bytes));
};

const accept = (response: Response, { timers }: ClientMachineContext): Next<InviteClientState> =>
  to(ACCEPTED, timers.start.M, deliver(response));

const refuse = (
  response: Response,
  { request, timers }: ClientMachineContext,
): Next<InviteClientState> => {
  const ack = serialize(ackFor(request, response));
  return to({ name: 'completed', ack }, timers.start.D, send(ack), deliver(response));
};
