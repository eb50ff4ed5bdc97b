import type { Clock } from '@sipx/contracts';
import type { Endpoint } from '@sipx/endpoint';
import { ManualClock, type MemoryHost, MemoryNetwork } from '@sipx/testing';
import { Agreement } from './agreement.ts';
import { ForkingProxy } from './forking-proxy.ts';
import { RacePhone, simulatedEndpoint } from './race-phone.ts';
import { mustComeUp, type RacePlan, racePlan, type Role } from './race-plan.ts';
import { RaceStory, RaceWatch } from './race-watch.ts';

/** What became of one seed. */
export interface RaceOutcome {
  readonly seed: number;
  /** Against what every seed has to hold to; empty when it does. */
  readonly faults: readonly string[];
  /** What happened in it, for whoever wants to know that the seeds meet every race. */
  readonly met: readonly Meeting[];
  /** Asked for with `story`. */
  readonly story: RaceStory | undefined;
}

export type Meeting =
  | 'up'
  | 'cancelled'
  | 'refused'
  | 'timeout'
  | '2xx crossed CANCEL'
  | 'surplus 2xx'
  | 'BYEs crossed'
  | 'repeated 2xx'
  | 'partition'
  | 'restart'
  // The network swallowed a BYE and all its repetitions: one side cannot know.
  | 'severed';

const T64 = 32_000;
const CALLER = '192.0.2.1';
const PROXY = '192.0.2.9';

/** One call, its forks and its races, all from one seed. */
export const simulateRace = async (
  seed: number,
  { story: wanted = false, plan = racePlan(seed) }: { story?: boolean; plan?: RacePlan } = {},
): Promise<RaceOutcome> => {
  const story = wanted ? new RaceStory() : undefined;
  const race = new Race(plan, story);
  const rejected = (reason: unknown): void => race.fault(`unhandled: ${String(reason)}`);
  process.on('unhandledRejection', rejected);
  try {
    await race.run();
  } catch (error) {
    race.fault(`threw ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    process.off('unhandledRejection', rejected);
  }
  return { seed, faults: race.faults, met: race.met, story };
};

class Race {
  readonly faults: string[] = [];
  readonly #plan: RacePlan;
  readonly #story: RaceStory | undefined;
  readonly #time = new ManualClock();
  readonly #network: MemoryNetwork;
  readonly #agreement: Agreement;
  readonly #hosts = new Map<Role, Inhabited>();
  readonly #past: Inhabited[] = [];
  #restarts = 0;

  constructor(plan: RacePlan, story: RaceStory | undefined) {
    this.#plan = plan;
    this.#story = story;
    const time = this.#time;
    this.#agreement = new Agreement(2 * T64 + 5000);
    // State changes only where a timer fires, so that each interval between two is known to be of one kind.
    const clock: Clock = {
      now: () => time.now(),
      wallTime: () => time.wallTime(),
      start: (delay, fire) =>
        time.start(delay, () => {
          this.#look();
          fire();
        }),
    };
    const { duplication, reordering, delay } = plan.network;
    this.#network = new MemoryNetwork({
      clock,
      seed: `race ${plan.seed}`,
      duplication,
      reordering,
      delay,
    });
    const { loss } = plan.network;
    for (const callee of plan.callees.keys()) {
      for (const near of [CALLER, PROXY]) {
        this.#network.setFaults(near, addressOf(callee), { loss: loss[0] });
        this.#network.setFaults(addressOf(callee), near, { loss: loss[1] });
      }
    }
    this.#network.setFaults(CALLER, PROXY, { loss: loss[0] });
    this.#network.setFaults(PROXY, CALLER, { loss: loss[1] });
  }

  async run(): Promise<void> {
    const { route, callees, partition, restart, lastEvent } = this.#plan;
    for (const callee of callees.keys()) this.#move(callee);
    if (route !== 'direct') this.#move('proxy');
    const { phone } = this.#move('caller');
    await this.#time.runFor(0);
    phone?.call(route === 'direct' ? addressOf(0) : PROXY);

    if (partition) {
      const [a, b] = partition.between.map(addressOf) as [string, string];
      this.#at(partition.at, () => this.#network.partition(a, b), `${a} and ${b} are apart`);
      this.#at(partition.at + partition.lasts, () => this.#network.heal(a, b), 'are together');
    }
    if (restart) {
      this.#at(restart.at, () => this.#crash(restart.who), `${restart.who} crashes`);
      this.#at(restart.at + restart.down, () => this.#move(restart.who), 'and is back');
    }

    // Ringing, then a CANCEL that nobody answers, then an answer that nobody acknowledges.
    await this.#time.runFor(lastEvent + 181_000 + 2 * T64 + 10_000);
    this.#look();
    this.#expectDecided();
    this.#note('everybody hangs up');
    const closings = this.#phones.map(({ agent }) => agent.close());
    await this.#time.runUntil(Promise.all(closings), 3 * T64);
    await this.#time.runFor(3 * T64);
    this.#look();
    this.#expectNothingLeft();
    this.#expectAcknowledged();
    this.#expectAgreement();
    if (mustComeUp(this.#plan) && !this.#wasUp) this.fault('it never came up');
    const endpoints = [...this.#hosts.values()].map(({ endpoint }) => endpoint.close());
    await this.#time.runUntil(Promise.all(endpoints), T64);
    await this.#time.runFor(1000);
    if (this.#network.open > 0) this.fault(`${this.#network.open} sockets are open`);
    if (this.#time.pending > 0) this.fault(`${this.#time.pending} timers are left after the end`);
  }

  readonly fault = (what: string): void => {
    this.faults.push(what);
    this.#note(`FAULT ${what}`);
  };

  get met(): Meeting[] {
    const { partition, restart } = this.#plan;
    const met: Meeting[] = [];
    const watches = [...this.#past, ...this.#hosts.values()].map(({ watch }) => watch);
    const caller = this.#caller;
    const call = caller.phone?.calls[0]?.call;
    if (this.#wasUp) met.push('up');
    if (call?.end?.code === 'SIPX_CALL_CANCELLED') met.push('cancelled');
    if (call?.end?.code === 'SIPX_CALL_REJECTED') met.push('refused');
    if (/TIMEOUT/.test(call?.end?.code ?? '')) met.push('timeout');
    const { answers, cancels } = caller.watch;
    if (cancels > 0 && answers.size > 0) met.push('2xx crossed CANCEL');
    if (answers.size > 1) met.push('surplus 2xx');
    if ([...answers.values()].some((times) => times > 1)) met.push('repeated 2xx');
    if (watches.some(({ byesOut, byesIn }) => byesOut.size > 0 && byesIn.size > 0)) {
      met.push('BYEs crossed');
    }
    if (partition) met.push('partition');
    if (restart) met.push('restart');
    if (this.#isSevered) met.push('severed');
    return met;
  }

  /** The caller that made the call, even when it has crashed since. */
  get #caller(): Inhabited {
    const caller = this.#past.find(({ role }) => role === 'caller') ?? this.#hosts.get('caller');
    if (!caller) throw new Error('the caller has not moved in');
    return caller;
  }

  /** On both sides, however shortly. */
  get #wasUp(): boolean {
    const calls = [...this.#past, ...this.#hosts.values()].flatMap(
      ({ phone }) => phone?.calls ?? [],
    );
    // The called side may have hung up before the caller's media session was done with the answer.
    const answered = calls.some(({ call, tag }) => call.direction === 'outgoing' && tag);
    return answered && calls.some(({ call, wasUp }) => call.direction === 'incoming' && wasUp);
  }

  get #phones(): RacePhone[] {
    return [...this.#hosts.values()].flatMap(({ phone }) => phone ?? []);
  }

  #move(role: Role): Inhabited {
    const plan = this.#plan;
    const host = this.#network.host(addressOf(role));
    const seed = `${plan.seed} ${role} ${this.#restarts}`;
    const watch = new RaceWatch();
    const reports = {
      fault: (what: string) => this.fault(`${role}: ${what}`),
      wire: (event: Parameters<RaceWatch['see']>[0]) => {
        watch.see(event);
        this.#story?.see(String(role), event);
      },
    };
    let inhabited: Inhabited;
    if (role === 'proxy') {
      const endpoint = simulatedEndpoint(host, plan.protocol, seed, reports);
      const targets = [...plan.callees.keys()].map(
        (callee) => `sip:phone@${addressOf(callee)};transport=${plan.protocol}`,
      );
      endpoint.attach(new ForkingProxy(endpoint, targets, plan.route === 'recording proxy'));
      inhabited = { role, host, watch, endpoint, phone: undefined };
    } else {
      const callee = role === 'caller' ? undefined : plan.callees[role];
      const { ringTimeout } = callee ?? plan.caller;
      const phone = new RacePhone(host, ringTimeout, seed, plan, reports, callee);
      inhabited = { role, host, watch, endpoint: phone.endpoint, phone };
    }
    this.#hosts.set(role, inhabited);
    void inhabited.endpoint.listen();
    return inhabited;
  }

  #crash(role: Role): void {
    const inhabited = this.#hosts.get(role);
    if (!inhabited) return;
    this.#restarts += 1;
    inhabited.host.crash();
    this.#hosts.delete(role);
    this.#past.push(inhabited);
    // Whoever lost its memory agrees with nobody until it is asked; by TCP nobody asks a host that is down twice.
    if (role !== 'proxy' || this.#plan.protocol === 'tcp') this.#agreement.pardon();
  }

  #look(): void {
    this.#agreement.look(this.#time.now(), this.#phones);
  }

  #expectDecided(): void {
    for (const { host, calls } of this.#phones) {
      for (const { call } of calls) {
        if (call.state === 'confirmed' || call.end) continue;
        this.fault(`${host.address} is still ${call.state}`);
      }
    }
  }

  #expectAgreement(): void {
    const { worst } = this.#agreement;
    if (worst && !this.#isSevered) this.fault(worst);
  }

  get #isSevered(): boolean {
    const watches = [...this.#past, ...this.#hosts.values()]
      .filter(({ role }) => role !== 'proxy')
      .map(({ watch }) => watch);
    const arrived = new Set(watches.flatMap(({ byesIn }) => [...byesIn]));
    return watches.some(({ byesOut }) => [...byesOut].some((bye) => !arrived.has(bye)));
  }

  #expectNothingLeft(): void {
    for (const { role, host, endpoint, phone, watch } of this.#hosts.values()) {
      const { transactions, dialogs, observerFailures } = endpoint.stateManager.gauges;
      const { unparsable, invalid } = endpoint.drops;
      if (watch.hurried && role !== 'proxy') this.fault(`${role}: a ${watch.hurried} too soon`);
      const counts = {
        transactions,
        dialogs,
        timers: host.pending,
        calls: phone?.agent.calls.size ?? 0,
      };
      for (const [what, left] of Object.entries({
        ...counts,
        observerFailures,
        unparsable,
        invalid,
      })) {
        if (left > 0) this.fault(`${role}: ${left} ${what}`);
      }
    }
    if (this.#network.inFlight > 0) this.fault(`${this.#network.inFlight} datagrams in flight`);
  }

  /** Each 2xx that the caller got has its ACK, and each that it did not want its BYE. */
  #expectAcknowledged(): void {
    const { watch, phone } = this.#caller;
    const wanted = phone?.calls[0]?.tag;
    // Nobody waits for a 2xx that comes after the INVITE's own time, or that of its CANCEL.
    if ((watch.firstAnswer ?? 0) > (phone?.calls[0]?.endedAt ?? Infinity)) return;
    // There is no way to a host that is down, and a handler may hold the ACK back until it is.
    const { protocol, handlers, restart } = this.#plan;
    if (restart && (protocol === 'tcp' || handlers > 0)) return;
    for (const [tag, times] of watch.answers) {
      const acks = watch.acks.get(tag) ?? 0;
      if (acks < times) this.fault(`${times} times 2xx of ${tag}, ${acks} ACKs`);
      if (tag !== wanted && !watch.saidBye(tag)) this.fault(`no BYE to ${tag}`);
    }
  }

  #at(ms: number, act: () => void, what: string): void {
    this.#time.start(ms, () => {
      this.#look();
      this.#note(what);
      act();
    });
  }

  #note(what: string): void {
    this.#story?.note(this.#time.now(), what);
  }
}

interface Inhabited {
  readonly role: Role;
  readonly host: MemoryHost;
  readonly watch: RaceWatch;
  readonly endpoint: Endpoint;
  readonly phone: RacePhone | undefined;
}

const addressOf = (role: Role): string =>
  role === 'caller' ? CALLER : role === 'proxy' ? PROXY : `192.0.2.${role + 11}`;
