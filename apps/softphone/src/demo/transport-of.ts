import type { Passage } from './wire-log.ts';

/** What a party's messages went over: `udp`, or `udp+tcp` when it was not one alone. */
export const transportOf = (party: string, passages: readonly Passage[]): string => {
  const own = passages.filter(({ from, to }) => from === party || to === party);
  return [...new Set(own.map(({ protocol }) => protocol))].join('+');
};
