/** Time as a parameter. Tests give a clock that they move by hand. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary start: for durations, never for dates. */
  now(): number;
  /** Milliseconds since the Unix epoch: for dates, never for durations. */
  wallTime(): number;
  /** Calls `fire` once, `delay` milliseconds from now (0 or more; never synchronously). */
  start(delay: number, fire: () => void): Timer;
}

export interface Timer {
  /** Does nothing once the timer has fired or was cancelled. */
  cancel(): void;
}
