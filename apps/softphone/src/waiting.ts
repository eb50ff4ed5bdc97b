import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, type CallEnd, NetworkError, SIPXError } from 'sipx';

/** Resolves after so long, or when `signal` aborts; the process does not wait for it. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  // A longer one would fire at once.
  const bounded = Math.min(ms, 2 ** 31 - 1);
  await sleep(bounded, undefined, { signal, ref: false }).catch(() => {});
};

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

export const endOf = (call: Call): Promise<CallEnd> =>
  call.end
    ? Promise.resolve(call.end)
    : new Promise((ended) => {
        call.once('ended', ended);
      });

/** Rejects with SIPX_CALL_TIMEOUT when `what` takes longer. */
export const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  const over = new AbortController();
  const late = sleep(ms, undefined, { signal: over.signal }).then(
    () => {
      throw new NetworkError('SIPX_CALL_TIMEOUT', `${what} did not come`, {
        expected: `within ${ms} ms`,
      });
    },
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
};

/** After Ctrl-C the other side gets this long to agree to the end. */
const GRACE_MS = 3000;

/** Rejects with SIPX_ABORTED when `signal` aborts and `work` does not settle soon after. */
export const unlessInterrupted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const interrupted = aborted(signal).then(async () => {
    await pause(GRACE_MS, AbortSignal.any([]));
    throw new SIPXError('SIPX_ABORTED', 'interrupted');
  });
  interrupted.catch(() => {});
  return Promise.race([work, interrupted]);
};

/** Hangs up and unregisters, and does not wait for ever for a server that is not there. */
export const closeSoon = async (open: { close(): Promise<void> }): Promise<void> => {
  const closed = new AbortController();
  const closing = open.close().finally(() => closed.abort());
  await Promise.race([closing, pause(GRACE_MS, closed.signal)]);
};
