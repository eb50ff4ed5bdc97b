import type { Response } from '@sipx/message';
import { send, type StartEffect } from './effect.ts';
import type { ServerEvent } from './event.ts';
import {
  abandoned,
  absorb,
  done,
  late,
  lost,
  type MachineContext,
  type Next,
  type Table,
  type Terminated,
  to,
} from './machine.ts';

export type NonInviteServerState =
  | { readonly name: 'trying'; readonly wait: number } // Timer F, ms; 0: it may yet be answered at once
  | { readonly name: 'proceeding'; readonly bytes: Uint8Array }
  | { readonly name: 'completed'; readonly bytes?: Uint8Array } // none: there must be no answer
  | Terminated;

/**
 * Non-INVITE server transaction: RFC 3261 17.2.2, figure 8, within the bounds of RFC 4320 4. Timer F is the client's,
 * counted here too: once it has fired there, an answer comes too late for anybody.
 */
export const nonInviteServer: Table<NonInviteServerState, ServerEvent, MachineContext> = {
  trying: {
    keeps: ['F'],
    on: {
      start: (state, _, { timers }) => (state.wait === 0 ? begin(timers.start.F) : undefined),
      request: absorb,
      respond: ({ wait }, { response, bytes }, context) =>
        answer(response, bytes, context, wait === 0),
      F: (_, __, context) => giveUp(context),
      abandon: abandoned,
    },
  },
  proceeding: {
    keeps: ['F'],
    on: {
      request: (state) => to(state, send(state.bytes)),
      respond: (_, { response, bytes }, context) => answer(response, bytes, context),
      F: (_, __, context) => giveUp(context),
      transportError: lost,
      abandon: abandoned,
    },
  },
  completed: {
    keeps: ['J'],
    on: {
      request: (state) => (state.bytes ? to(state, send(state.bytes)) : absorb(state)),
      J: done,
      transportError: lost,
      abandon: abandoned,
    },
  },
  terminated: { keeps: [], on: {} },
};

const begin = (f: StartEffect): Next<NonInviteServerState> =>
  to({ name: 'trying', wait: f.after }, f);

const answer = (
  { status }: Response,
  bytes: Uint8Array,
  { timers }: MachineContext,
  isFirst = false,
): Next<NonInviteServerState> | undefined => {
  // RFC 4320 4.1: no provisional response but 100. When 100 may go is the transaction user's to know.
  if (status > 100 && status < 200) return undefined;
  if (status === 100) {
    const proceeding: NonInviteServerState = { name: 'proceeding', bytes };
    return isFirst ? to(proceeding, timers.start.F, send(bytes)) : to(proceeding, send(bytes));
  }
  // RFC 4320 4.2: whoever would be told by a 408 has found out.
  if (status === 408) return to(UNANSWERED, timers.start.J);
  return to({ name: 'completed', bytes }, timers.start.J, send(bytes));
};

const UNANSWERED: NonInviteServerState = Object.freeze({ name: 'completed' });

/** Soaks up the last retransmissions, which would look like new requests. */
const giveUp = ({ timers }: MachineContext): Next<NonInviteServerState> =>
  to(UNANSWERED, timers.start.J, late('answer to a request', timers));
