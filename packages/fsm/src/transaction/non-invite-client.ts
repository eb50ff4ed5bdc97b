import type { Response } from '@sipx/message';
import { deliver, send, start } from './effect.ts';
import type { ClientEvent } from './event.ts';
import {
  abandoned,
  absorb,
  done,
  lost,
  type MachineContext,
  type Next,
  type Table,
  type Terminated,
  timedOut,
  to,
} from './machine.ts';

export type NonInviteClientState =
  | { readonly name: 'trying'; readonly wait: number; readonly bytes: Uint8Array } // Timer E, ms; 0: nothing sent yet
  | { readonly name: 'proceeding'; readonly bytes: Uint8Array }
  | { readonly name: 'completed' }
  | Terminated;

/** Non-INVITE client transaction: RFC 3261 17.1.2.2, figure 6. */
export const nonInviteClient: Table<NonInviteClientState, ClientEvent, MachineContext> = {
  trying: {
    keeps: ['E', 'F'],
    on: {
      start: (state, _, context) => (state.wait === 0 ? ask(state.bytes, context) : undefined),
      E: ({ wait, bytes }, _, { timers }) => {
        if (wait === 0) return undefined;
        const next = Math.min(wait * 2, timers.t2);
        return to({ name: 'trying', wait: next, bytes }, start('E', next), send(bytes));
      },
      F: (_, __, { timers }) => timedOut('final response', timers),
      provisional: ({ bytes }, { response }) =>
        to({ name: 'proceeding', bytes }, deliver(response)),
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
      E: (state, _, { timers }) => to(state, start('E', timers.t2), send(state.bytes)),
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

const COMPLETED: NonInviteClientState = Object.freeze({ name: 'completed' });

const ask = (bytes: Uint8Array, { timers }: MachineContext): Next<NonInviteClientState> => {
  const { reliable, t1 } = timers;
  const trying: NonInviteClientState = { name: 'trying', wait: t1, bytes };
  return reliable
    ? to(trying, timers.start.F, send(bytes))
    : to(trying, start('E', t1), timers.start.F, send(bytes));
};

const complete = (response: Response, { timers }: MachineContext): Next<NonInviteClientState> =>
  to(COMPLETED, timers.start.K, deliver(response));
