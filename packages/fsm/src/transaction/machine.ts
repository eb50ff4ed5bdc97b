import { NetworkError } from '@sipx/contracts';
import { type Effect, fail, type FailEffect } from './effect.ts';
import type { TransactionEvent } from './event.ts';
import type { TimerName } from './timer-name.ts';
import type { TimerProfile } from './timers.ts';
import type { TransactionState } from './transaction.ts';

/**
 * A machine, whole: for each state the timers that live on in it (the runner cancels the others) and what
 * each event does there. An event without a rule, or whose rule gives undefined, is stray: nothing happens.
 */
export type Table<S extends State, E extends TransactionEvent, C> = {
  readonly [N in S['name']]: {
    readonly keeps: readonly TimerName[];
    readonly on: {
      readonly [T in E['type']]?: Rule<Extract<S, { name: N }>, EventOf<E, T>, S, C>;
    };
  };
};

/** A state is a name and the data that means something there. */
export interface State {
  readonly name: TransactionState;
  /** What it holds to send again. */
  readonly bytes?: Uint8Array;
  /** What its first timer waits for, ms; 0: it has not begun, and none runs. */
  readonly wait?: number;
}

/** What a machine knows in every state; what only some know is in the state. */
export interface MachineContext {
  readonly timers: TimerProfile;
}

export interface Next<S extends State> {
  readonly state: S;
  readonly effects: readonly Effect[];
}

export interface Terminated extends State {
  readonly name: 'terminated';
  readonly why: 'done' | 'timeout' | 'transport' | 'abandoned';
}

/** The method form makes parameters bivariant, so that a rule of one row fits the table read with any event. */
type Rule<From extends State, E, S extends State, C> = {
  rule(state: From, event: E, context: C): Next<S> | undefined;
}['rule'];

/** An event type that stands for several names (`TimerEvent`) is taken by each of them. */
type EventOf<E extends TransactionEvent, T> = E extends { type: infer U }
  ? T extends U
    ? E
    : never
  : never;

/** A `Table` as its runner sees it: any state, any event. */
export type Rules<S extends State, C> = {
  readonly [N in TransactionState]?: {
    readonly keeps: readonly TimerName[];
    readonly on: {
      readonly [T in TransactionEvent['type']]?: Rule<S, TransactionEvent, S, C>;
    };
  };
};

export const to = <S extends State>(state: S, ...effects: readonly Effect[]): Next<S> => ({
  state,
  effects,
});

const NOTHING: readonly Effect[] = Object.freeze([]);

/** The event belongs here and changes nothing. */
export const absorb = <S extends State>(state: S): Next<S> => ({ state, effects: NOTHING });

const DONE: Next<Terminated> = Object.freeze({
  state: Object.freeze({ name: 'terminated', why: 'done' }),
  effects: NOTHING,
});

export const done = (): Next<Terminated> => DONE;

/** 17.1.4, 17.2.4: the transaction user is told. */
export const lost = (_state: State, event: { error: FailEffect['error'] }): Next<Terminated> =>
  to({ name: 'terminated', why: 'transport' }, fail(event.error));

/** Nobody waits for it any more. */
export const abandoned = (_state: State, event: { error: FailEffect['error'] }): Next<Terminated> =>
  to({ name: 'terminated', why: 'abandoned' }, fail(event.error));

/** @param missing what did not come, for people */
export const timedOut = (missing: string, timers: TimerProfile): Next<Terminated> =>
  to({ name: 'terminated', why: 'timeout' }, late(missing, timers));

/** Told to the transaction user: `missing` did not come while it was of use. */
export const late = (missing: string, { t1 }: TimerProfile): FailEffect =>
  fail(
    new NetworkError('SIPX_TRANSACTION_TIMEOUT', `no ${missing}`, {
      expected: `one within ${64 * t1} ms`,
    }),
  );
