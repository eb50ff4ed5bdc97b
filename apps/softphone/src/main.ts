#!/usr/bin/env node
import { run } from './command-line.ts';
import { interruptSignal } from './interrupt.ts';
import { processTerminal } from './terminal.ts';

/** What still waits for a server that is gone is not waited for. */
const LINGER_MS = 1000;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `softphone demo | head`: nobody reads on.
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
const { argv, env } = process;
process.exitCode = await run(argv.slice(2), {
  env,
  terminal: processTerminal(),
  signal: interruptSignal(),
});
setTimeout(() => process.exit(), LINGER_MS).unref();
