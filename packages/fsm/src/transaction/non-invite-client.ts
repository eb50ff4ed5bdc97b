import type { Response } from '@sipx/message';
import { deliver, type Effect, send, start } from './effect.ts';
import type { ClientEvent } from './event.ts';
import type { ClientMachineContext } from './invite-client.ts';
import {
  abandoned,
  absorb,
  done,
  lost,
  type Next,
  type Table,
  type Terminated,
  timedOut,
  to,
} from './machine.ts';

export type NonInviteClientState =
  | { readonly name: 'trying'; readonly wait: number } // Timer E, ms; 0 before the first send
  | { readonly name: 'proceeding' }
  | { readonly name: 'completed' }
  | Terminated;

/** Non-INVITE client transaction: RFC 3261 17.1.2.2, figure 6. */
export const nonInviteClient: Table<NonInviteClientState, ClientEvent, ClientMachineContext> = {
  trying: {
    keeps: ['E', 'F'],
    on: {
      start: (state, _, context) => (state.wait === 0 ? ask(context) : undefined),
      E: ({ wait }, _, context) => {
        const next = Math.min(wait * 2, context.timers.t2);
        return to({ name: 'trying', wait: next }, ...again(context, next));
      },
      F: (_, __, { timers }) => timedOut('final response', timers),
      provisional: (_, { response }) => to(PROCEEDING, deliver(response)),
      success: (_, { response }, context) => complete(response, context),
      failure: (_, { response }, context) => complete(response, context),
      transportError: lost,
      abandon: abandoned,
    },
  },
  // Somebody heard the request, and yet E and F go on: the final response is sent again only when asked for.
  proceeding: {
    keeps: ['E', 'F'],
    on: {
      E: (state, _, context) => to(state, ...again(context, context.timers.t2)),
      F: (_, __, { timers }) => timedOut('final response', timers),
      provisional: (state, { response }) => to(state, deliver(response)),
      success: (_, { response }, context) => complete(response, context),
      failure: (_, { response }, context) => complete(response, context),
      transportError: lost,
      abandon: abandoned,
    },
  },
  // Soaks up what the last retransmissions bring.
  completed: {
    keeps: ['K'],
    on: { provisional: absorb, success: absorb, failure: absorb, K: done, abandon: abandoned },
  },
  terminated: { keeps: [], on: {} },
};

const PROCEEDING: NonInviteClientState = Object.freeze({ name: 'proceeding' });
const COMPLETED: NonInviteClientState = Object.freeze({ name: 'completed' });

const ask = ({ bytes, timers }: ClientMachineContext): Next<NonInviteClientState> => {
  const { reliable, t1 } = timers;
  const trying: NonInviteClientState = { name: 'trying', wait: t1 };
  return reliable
    ? to(trying, timers.start.F, send(bytes))
    : to(trying, start('E', t1), timers.start.F, send(bytes));
};

const again = ({ bytes }: ClientMachineContext, wait: number): readonly Effect[] => [
  start('E', wait),
  send(bytes),
];

const complete = (
  response: Response,
  { timers }: ClientMachineContext,
): Next<NonInviteClientState> => to(COMPLETED, timers.start.K, deliver(response));
