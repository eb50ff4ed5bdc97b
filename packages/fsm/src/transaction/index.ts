export { ackFor } from './ack.ts';
export {
  type DeliverEffect,
  type Effect,
  type FailEffect,
  type SendEffect,
  type StartEffect,
} from './effect.ts';
export {
  type ClientEvent,
  type FailureEvent,
  requestEvent,
  type RequestEvent,
  responseEvent,
  type ResponseEvent,
  type ServerEvent,
  type TimerEvent,
  type TransactionEvent,
} from './event.ts';
export {
  inviteClient,
  type InviteClientState,
} from './invite-client.ts';
export {
  inviteServer,
  type InviteServerState,
} from './invite-server.ts';
export { keptOctets } from './kept-octets.ts';
export { type Next, type Rules, type State, type Table, type Terminated } from './machine.ts';
export { nonInviteClient, type NonInviteClientState } from './non-invite-client.ts';
export { nonInviteServer, type NonInviteServerState } from './non-invite-server.ts';
export { RunningTransaction, type Step } from './running.ts';
export { type TimerName } from './timer-name.ts';
export {
  DEFAULT_TIMERS,
  timerProfile,
  type TimerProfile,
  type TimerValues,
} from './timers.ts';
export { type Transaction, type TransactionKind, TransactionState } from './transaction.ts';
export { type Reserve, type TransactionOptions, TransactionTable } from './transaction-table.ts';
