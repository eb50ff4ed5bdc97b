import { seededRandom } from '@sipx/testing';

/** Everything that a seed decides beside the network's luck. Times are milliseconds since the caller began. */
export interface RacePlan {
  readonly seed: number;
  readonly network: NetworkPlan;
  readonly protocol: 'udp' | 'tcp';
  readonly route: 'direct' | 'recording proxy' | 'passing proxy';
  /** Whether the INVITE brings the offer; else the 2xx does. */
  readonly offers: boolean;
  /** How long media sessions take for each of their answers. */
  readonly media: number;
  /** The longest that a phone's handlers hold a message back. */
  readonly handlers: number;
  readonly caller: CallerPlan;
  readonly callees: readonly CalleePlan[];
  readonly partition: PartitionPlan | undefined;
  readonly restart: RestartPlan | undefined;
  /** When the last of all this has happened. */
  readonly lastEvent: number;
}

interface NetworkPlan {
  /** From the caller's side to the callees', and back. */
  readonly loss: readonly [there: number, back: number];
  readonly duplication: number;
  readonly reordering: number;
  readonly delay: readonly [number, number];
}

interface CallerPlan {
  readonly ringTimeout: number;
  /** Gives up at these times, as often as an impatient user does. */
  readonly cancels: readonly number[];
  readonly hangsUp: HangUp;
}

export interface CalleePlan {
  readonly ringTimeout: number;
  /** After the INVITE came; undefined: it does not ring. */
  readonly rings: number | undefined;
  readonly does: 'accept' | 'reject' | 'nothing';
  readonly after: number;
  readonly hangsUp: HangUp;
}

/**
 * Milliseconds after the call is up; `at once`: when the answer goes out or came, before the ACK; `too soon`: while
 * the called side makes its answer.
 */
type HangUp = number | 'at once' | 'too soon' | 'never';

interface PartitionPlan {
  readonly between: readonly [Role, Role];
  readonly at: number;
  readonly lasts: number;
}

interface RestartPlan {
  readonly who: Role;
  readonly at: number;
  readonly down: number;
}

/** Callees by their number. */
export type Role = 'caller' | 'proxy' | number;

/** The default of `ringTimeout`, and one that tests can cross. */
const PATIENT = 180_000;

/**
 * Nothing but the network may keep this call from coming up, and the network is good enough for what is repeated
 * up to 64·T1.
 */
export const mustComeUp = ({ caller, callees, network, partition, restart }: RacePlan): boolean =>
  !partition &&
  !restart &&
  caller.cancels.length === 0 &&
  // Its BYE may overtake the ACK.
  (caller.hangsUp === 'never' || caller.hangsUp === 'too soon') &&
  Math.max(...network.loss) < 0.1 &&
  [caller, ...callees].every(({ ringTimeout }) => ringTimeout === PATIENT) &&
  callees.some(({ does, hangsUp }) => does === 'accept' && hangsUp !== 'too soon');

export const racePlan = (seed: number): RacePlan => {
  const random = seededRandom(`race ${seed}`);
  const chance = (probability: number): boolean => random() < probability;
  const between = (low: number, high: number): number => low + random() * (high - low);
  const pick = <T>(...values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0];

  const protocol = chance(0.85) ? 'udp' : 'tcp';
  const route = pick('direct', 'recording proxy', 'recording proxy', 'passing proxy');
  const branches = route === 'direct' ? 1 : pick(1, 2, 3, 3);
  // Branches of a fork answer alike as often as not: that is when their 2xx cross.
  const answer = between(0, 8000);
  const hangUp = (): HangUp =>
    chance(0.4)
      ? 'never'
      : pick<HangUp>('at once', 'at once', 'too soon', between(0, 300), between(0, 8000));
  const ringTimeout = (): number => (chance(0.8) ? PATIENT : answer + between(-200, 200) + 500);

  const callees = Array.from({ length: branches }, (): CalleePlan => {
    const after = chance(0.7) ? Math.max(0, answer + between(-150, 150)) : between(0, 8000);
    return {
      ringTimeout: ringTimeout(),
      rings: chance(0.8) ? Math.min(after, between(0, 1500)) : undefined,
      does: chance(0.85) ? 'accept' : pick('reject', 'nothing'),
      after,
      hangsUp: hangUp(),
    };
  });

  const cancels: number[] = [];
  if (chance(0.4)) {
    const first = pick(0, between(0, 150), between(100, 6000), answer + between(-200, 300));
    cancels.push(Math.max(0, first));
    while (chance(0.3)) cancels.push((cancels.at(-1) ?? 0) + between(0, 40_000));
  }

  const roles: Role[] = [
    'caller',
    ...callees.keys(),
    ...(route === 'direct' ? [] : ['proxy' as const]),
  ];
  const role = (): Role => roles[Math.floor(random() * roles.length)] ?? 'caller';
  const partition = chance(0.15)
    ? {
        between: [role(), role()] as const,
        at: between(0, 12_000),
        // A stream that cannot be connected in 5 s fails, and nobody tries again.
        lasts:
          protocol === 'tcp'
            ? between(200, 4000)
            : pick(between(200, 15_000), between(200, 60_000)),
      }
    : undefined;
  const restart = chance(0.1)
    ? { who: role(), at: between(0, 12_000), down: between(0, 3000) }
    : undefined;

  return {
    seed,
    network: {
      loss: [between(0, 0.3), between(0, 0.3)],
      duplication: between(0, 0.15),
      reordering: between(0, 0.3),
      delay: [1, pick(5, 50, 200)],
    },
    protocol,
    route,
    offers: chance(0.75),
    media: pick(0, 0, between(0, 400)),
    handlers: chance(0.75) ? 0 : between(1, 300),
    caller: { ringTimeout: ringTimeout(), cancels, hangsUp: hangUp() },
    callees,
    partition,
    restart,
    lastEvent: Math.max(20_000, ...cancels, partition ? partition.at + partition.lasts : 0),
  };
};
