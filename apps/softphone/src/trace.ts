import { redact, type WireEvent } from 'sipx';
import type { Paint } from './colour.ts';
import { printable } from './printable.ts';

/** One message as it went over the wire, with what proves or is a password left out. */
export const traceOf = (event: WireEvent, paint: Paint): string => {
  const { direction, local, remote, protocol, bytes, at } = event;
  const arrow = direction === 'out' ? '→' : '←';
  const title = `${(at / 1000).toFixed(3)} ${protocol} ${local.host}:${local.port} ${arrow} ${remote.host}:${remote.port}`;
  const text = redact(new TextDecoder().decode(bytes)).trimEnd();
  const lines = text.split(/\r?\n/).map((line) => `  ${printable(line)}`);
  return [paint(direction === 'out' ? 'cyan' : 'green', title), ...lines, ''].join('\n');
};
