/** The two cores: the driver has one, who is measured has the other. */
export const CORES = { server: 0, driver: 1 } as const;

export type Protocol = 'udp' | 'tcp';

/** One thing that is measured: a SIPp scenario over a transport. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly scenario: 'call' | 'options';
  readonly protocol: Protocol;
}

export const CASES: readonly Case[] = [
  { name: 'calls', title: 'calls over UDP', scenario: 'call', protocol: 'udp' },
  { name: 'tcp', title: 'calls over TCP', scenario: 'call', protocol: 'tcp' },
  { name: 'options', title: 'OPTIONS over UDP', scenario: 'options', protocol: 'udp' },
];

/** What is offered: so many calls (or OPTIONS) a second, for so long. */
export interface Load {
  readonly rate: number;
  readonly seconds: number;
}
