import { UsageError } from '@sipx/contracts';
import type { StartEffect } from './effect.ts';
import type { MachineContext } from './machine.ts';
import type { TimerName } from './timer-name.ts';

/** The values that all timers come from, in milliseconds (RFC 3261 17.1.1.1). */
export interface TimerValues {
  /** Estimated round trip. */
  readonly t1: number;
  /** Longest interval between retransmissions of non-INVITE requests and of INVITE responses. */
  readonly t2: number;
  /** How long a message may stay in the network. */
  readonly t4: number;
  /** Timer D on unreliable transports; not given: 32 s or 64*T1, whichever is more (17.1.1.2). */
  readonly d?: number;
}

export const DEFAULT_TIMERS: TimerValues = Object.freeze({ t1: 500, t2: 4000, t4: 5000 });

/** `TimerValues` on one sort of transport; shared by all its transactions, so that the effects are made once. */
export interface TimerProfile {
  readonly reliable: boolean;
  readonly t1: number;
  readonly t2: number;
  /** How long after a request a 100 is due, where nothing else was said: not before, and not later (RFC 4320 4.1). */
  readonly trying: number;
  /** Timers A, E and G run on unreliable transports alone, and their interval grows: see `wait` in the tables. */
  readonly start: Readonly<Record<Exclude<TimerName, 'A' | 'E' | 'G'>, StartEffect>>;
}

const contexts = new WeakMap<
  TimerValues,
  { reliable?: MachineContext; unreliable?: MachineContext }
>();

/**
 * One for all transactions of an endpoint over one sort of transport.
 * @throws UsageError SIPX_USAGE: a value that is no positive number of milliseconds
 */
export const machineContext = (values: TimerValues, reliable: boolean): MachineContext => {
  let known = contexts.get(values);
  if (!known) contexts.set(values, (known = {}));
  return reliable
    ? (known.reliable ??= { timers: derive(values, true) })
    : (known.unreliable ??= { timers: derive(values, false) });
};

export const timerProfile = (values: TimerValues, reliable: boolean): TimerProfile =>
  machineContext(values, reliable).timers;

const derive = (values: TimerValues, reliable: boolean): TimerProfile => {
  const { t1, t2, t4, d } = values;
  for (const [name, value] of Object.entries({ t1, t2, t4, d: d ?? 32_000 })) {
    if (value > 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new UsageError('SIPX_USAGE', `${name.toUpperCase()} is no time`, {
      expected: 'a positive number of milliseconds',
      got: String(value),
    });
  }
  const timeout = 64 * t1;
  // D, I, J and K wait for stray retransmissions, of which a reliable transport has none. L and M wait
  // for further 2xx, which the far end retransmits over every transport.
  const linger = (time: number): number => (reliable ? 0 : time);
  const start = (timer: TimerName, after: number): StartEffect =>
    Object.freeze({ type: 'start', timer, after });
  return Object.freeze({
    reliable,
    t1,
    t2,
    trying: tillT2(t1, t2),
    start: Object.freeze({
      B: start('B', timeout),
      D: start('D', linger(d ?? Math.max(32_000, timeout))),
      F: start('F', timeout),
      H: start('H', timeout),
      I: start('I', linger(t4)),
      J: start('J', linger(timeout)),
      K: start('K', linger(t4)),
      L: start('L', timeout),
      M: start('M', timeout),
    }),
  });
};

/** The time that a client's timer E, which doubles from T1, takes to be set to T2: 3,500 ms by default. */
const tillT2 = (t1: number, t2: number): number => {
  let time = t1;
  for (let wait = t1 * 2; wait < t2; wait *= 2) time += wait;
  return time;
};
