import { ExitCode } from './exit-code.ts';

/** One Ctrl-C may come twice, from the terminal and from a parent process that passes it on. */
const SAME_KEYPRESS_MS = 500;

/** Aborts on Ctrl-C, so that calls are hung up and registrations taken back; a second one does not wait for that. */
export const interruptSignal = (): AbortSignal => {
  const interrupted = new AbortController();
  let at = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const now = performance.now();
      if (!interrupted.signal.aborted) {
        at = now;
        interrupted.abort();
      } else if (now - at > SAME_KEYPRESS_MS) {
        process.exit(ExitCode.INTERRUPTED);
      }
    });
  }
  return interrupted.signal;
};
