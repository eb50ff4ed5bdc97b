import type { Response } from '@sipx/message';
import { send } from './effect.ts';
import type { ServerEvent } from './event.ts';
import {
  abandoned,
  absorb,
  done,
  lost,
  type MachineContext,
  type Next,
  type Table,
  type Terminated,
  to,
} from './machine.ts';

export type NonInviteServerState =
  | { readonly name: 'trying' }
  | { readonly name: 'proceeding'; readonly last: Uint8Array }
  | { readonly name: 'completed'; readonly last?: Uint8Array } // none: the answer must not be sent
  | Terminated;

/** Non-INVITE server transaction: RFC 3261 17.2.2, figure 8, within the bounds of RFC 4320 4. */
export const nonInviteServer: Table<NonInviteServerState, ServerEvent, MachineContext> = {
  trying: {
    keeps: [],
    on: {
      request: absorb,
      respond: (_, { response, bytes }, context) => answer(response, bytes, context),
      abandon: abandoned,
    },
  },
  proceeding: {
    keeps: [],
    on: {
      request: (state) => to(state, send(state.last)),
      respond: (_, { response, bytes }, context) => answer(response, bytes, context),
      transportError: lost,
      abandon: abandoned,
    },
  },
  completed: {
    keeps: ['J'],
    on: {
      request: (state) => (state.last ? to(state, send(state.last)) : absorb(state)),
      J: done,
      transportError: lost,
      abandon: abandoned,
    },
  },
  terminated: { keeps: [], on: {} },
};

const answer = (
  { status }: Response,
  bytes: Uint8Array,
  { timers }: MachineContext,
): Next<NonInviteServerState> | undefined => {
  // RFC 4320 4.1: no provisional response but 100. When 100 may go is the transaction user's to know.
  if (status > 100 && status < 200) return undefined;
  if (status === 100) return to({ name: 'proceeding', last: bytes }, send(bytes));
  // RFC 4320 4.2: the client has given up by itself, and a 408 would come too late for anybody.
  if (status === 408) return to({ name: 'completed' }, timers.start.J);
  return to({ name: 'completed', last: bytes }, timers.start.J, send(bytes));
};
