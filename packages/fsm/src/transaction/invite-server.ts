import type { Response } from '@sipx/message';
import { deliver, fail, send, start } from './effect.ts';
import type { ServerEvent } from './event.ts';
import {
  abandoned,
  absorb,
  done,
  type MachineContext,
  type Next,
  type Table,
  type Terminated,
  timedOut,
  to,
} from './machine.ts';

export type InviteServerState =
  | { readonly name: 'proceeding'; readonly bytes?: Uint8Array } // the latest provisional response
  | { readonly name: 'accepted' }
  | { readonly name: 'completed'; readonly bytes: Uint8Array; readonly wait: number } // Timer G, ms
  | { readonly name: 'confirmed' }
  | Terminated;

/** INVITE server transaction: RFC 3261 17.2.1, figure 7, as RFC 6026 7.1 redraws it. */
export const inviteServer: Table<InviteServerState, ServerEvent, MachineContext> = {
  proceeding: {
    keeps: [],
    on: {
      request: (state) => (state.bytes ? to(state, send(state.bytes)) : absorb(state)),
      respond: (_, { response, bytes }, context) => answer(response, bytes, context),
      transportError: (state, { error }) => to(state, fail(error)),
      abandon: abandoned,
    },
  },
  // The transaction user sends its 2xx again until the ACK comes; here none is repeated, not even for an INVITE.
  accepted: {
    keeps: ['L'],
    on: {
      request: absorb,
      ack: (state, { request }) => to(state, deliver(request)),
      respond: (state, { response, bytes }) => (response.ok ? to(state, send(bytes)) : undefined),
      L: done,
      transportError: (state, { error }) => to(state, fail(error)),
      abandon: abandoned,
    },
  },
  completed: {
    keeps: ['G', 'H'],
    on: {
      request: (state) => to(state, send(state.bytes)),
      ack: (_, __, { timers }) => to(CONFIRMED, timers.start.I),
      G: ({ bytes, wait }, _, { timers }) => {
        const next = Math.min(wait * 2, timers.t2);
        return to({ name: 'completed', bytes, wait: next }, start('G', next), send(bytes));
      },
      H: (_, __, { timers }) => timedOut('ACK for a final response', timers),
      transportError: (state, { error }) => to(state, fail(error)),
      abandon: abandoned,
    },
  },
  // Soaks up the ACKs that repeated responses bring.
  confirmed: { keeps: ['I'], on: { ack: absorb, I: done, abandon: abandoned } },
  terminated: { keeps: [], on: {} },
};

const ACCEPTED: InviteServerState = Object.freeze({ name: 'accepted' });
const CONFIRMED: InviteServerState = Object.freeze({ name: 'confirmed' });

const answer = (
  { status }: Response,
  bytes: Uint8Array,
  { timers }: MachineContext,
): Next<InviteServerState> => {
  if (status < 200) return to({ name: 'proceeding', bytes }, send(bytes));
  if (status < 300) return to(ACCEPTED, timers.start.L, send(bytes));
  const { reliable, t1 } = timers;
  const completed: InviteServerState = { name: 'completed', bytes, wait: t1 };
  return reliable
    ? to(completed, timers.start.H, send(bytes))
    : to(completed, start('G', t1), timers.start.H, send(bytes));
};
