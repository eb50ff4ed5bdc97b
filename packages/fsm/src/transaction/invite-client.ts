import { type Request, type Response, serialize } from '@sipx/message';
import { ackFor } from './ack.ts';
import { deliver, send, start } from './effect.ts';
import type { ClientEvent } from './event.ts';
import { keptOctets } from './kept-octets.ts';
import {
  abandoned,
  done,
  lost,
  type MachineContext,
  type Next,
  type Table,
  type Terminated,
  timedOut,
  to,
} from './machine.ts';

export type InviteClientState =
  | (Calling & { readonly name: 'calling'; readonly wait: number }) // Timer A, ms; 0: nothing sent yet
  | { readonly name: 'proceeding'; readonly request: Request } // what an ACK is made from
  | { readonly name: 'accepted' }
  | { readonly name: 'completed'; readonly bytes: Uint8Array } // the ACK, for each repeated 3xx-6xx
  | Terminated;

/** What is sent until somebody answers; afterwards nothing holds it. */
interface Calling {
  readonly request: Request;
  readonly bytes: Uint8Array;
}

/** INVITE client transaction: RFC 3261 17.1.1.2, figure 5, as RFC 6026 8.4 redraws it. */
export const inviteClient: Table<InviteClientState, ClientEvent, MachineContext> = {
  calling: {
    keeps: ['A', 'B'],
    on: {
      start: (state, _, context) => (state.wait === 0 ? call(state, context) : undefined),
      // Doubles without end: T2 caps E and G, not A.
      A: (state) => (state.wait === 0 ? undefined : again(state, state.wait * 2)),
      B: (_, __, { timers }) => timedOut('response to an INVITE', timers),
      provisional: ({ request }, { response }) =>
        to({ name: 'proceeding', request }, deliver(response)),
      success: (_, { response }, context) => accept(response, context),
      failure: ({ request }, { response }, context) => refuse(request, response, context),
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
      failure: ({ request }, { response }, context) => refuse(request, response, context),
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
      failure: (state) => to(state, send(state.bytes)),
      D: done,
      transportError: lost,
      abandon: abandoned,
    },
  },
  terminated: { keeps: [], on: {} },
};

const ACCEPTED: InviteClientState = Object.freeze({ name: 'accepted' });

const call = ({ request, bytes }: Calling, { timers }: MachineContext): Next<InviteClientState> => {
  const { reliable, t1 } = timers;
  const calling: InviteClientState = { name: 'calling', wait: t1, request, bytes };
  return reliable
    ? to(calling, timers.start.B, send(bytes))
    : to(calling, start('A', t1), timers.start.B, send(bytes));
};

const again = ({ request, bytes }: Calling, wait: number): Next<InviteClientState> =>
  to({ name: 'calling', wait, request, bytes }, start('A', wait), send(bytes));

const accept = (response: Response, { timers }: MachineContext): Next<InviteClientState> =>
  to(ACCEPTED, timers.start.M, deliver(response));

const refuse = (
  request: Request,
  response: Response,
  { timers }: MachineContext,
): Next<InviteClientState> => {
  const bytes = keptOctets(serialize(ackFor(request, response)));
  return to({ name: 'completed', bytes }, timers.start.D, send(bytes), deliver(response));
};
