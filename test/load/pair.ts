import { type Clock, TimerWheel, type Timer } from '@sipx/contracts';
import { Endpoint } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';
import { NameAddr, parseURI, type SipURI } from '@sipx/message';
import { type Call, UserAgent } from '@sipx/session';
import { MemoryNetwork, SeededIds } from '@sipx/testing';
import { HERE, PEER } from '../support/hosts.ts';

const OFFER =
  'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const ANSWER =
  'v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 0\r\n';

/** Longer than any transaction lives after its final response. */
const LINGER = 40_000;

/** Two endpoints on a faultless network in memory, each with its user agent: one calls, the other answers at once. */
export class Pair {
  readonly clock: WheelClock = new WheelClock();
  readonly network: MemoryNetwork = new MemoryNetwork({ clock: this.clock, seed: 1 });
  readonly caller: Side = new Side(this, HERE, 1);
  readonly called: Side = new Side(this, PEER, 2);
  readonly #from: NameAddr = new NameAddr({ uri: `sip:alice@${HERE}` });
  readonly #target = parseURI(`sip:callee@${PEER}:5060`) as SipURI;

  static async open(): Promise<Pair> {
    const pair = new Pair();
    await pair.caller.endpoint.listen();
    await pair.called.endpoint.listen();
    await pair.settle();
    return pair;
  }

  /** Calls that are up on both sides. */
  async establish(count: number): Promise<Call[]> {
    const calls = Array.from({ length: count }, () =>
      this.caller.agent.call(this.#from, this.#target, { body: OFFER }, {}),
    );
    await this.settle();
    for (const { state } of calls) {
      if (state !== 'confirmed') throw new Error(`a call is ${state}, not up`);
    }
    return calls;
  }

  async hangUp(calls: readonly Call[]): Promise<void> {
    for (const call of calls) void call.bye();
    await this.settle();
    for (const { state } of calls) {
      if (state !== 'ended') throw new Error(`a call is ${state}, not over`);
    }
  }

  /** Everything that is on its way arrives. */
  async settle(): Promise<void> {
    do {
      await turn();
      this.clock.advance(1);
      await turn();
    } while (this.network.inFlight > 0);
  }

  /** Every transaction that has its final response ends. */
  async linger(): Promise<void> {
    this.clock.advance(LINGER);
    await this.settle();
  }

  /** Of both sides together. */
  get gauges(): {
    readonly transactions: number;
    readonly dialogs: number;
    readonly timers: number;
  } {
    const sides = [this.caller, this.called].map(({ endpoint }) => endpoint.stateManager.gauges);
    const sum = (of: 'transactions' | 'dialogs'): number =>
      sides.reduce((total, gauges) => total + gauges[of], 0);
    return {
      transactions: sum('transactions'),
      dialogs: sum('dialogs'),
      timers: this.clock.pending,
    };
  }
}

class Side {
  readonly endpoint: Endpoint;
  readonly agent: UserAgent;

  constructor({ network, clock }: Pair, host: string, seed: number) {
    const chain = new HandlerChain();
    this.endpoint = new Endpoint({
      transports: [network.transport({ host, protocol: 'udp' })],
      listen: [`udp:${host}:5060`],
      clock,
      ids: new SeededIds(seed),
      limits: { transactions: 1_000_000, dialogs: 1_000_000 },
    });
    const agent = new UserAgent({ endpoint: this.endpoint, chain, contactUser: 'callee' });
    this.agent = agent;
    this.endpoint.attach({
      chain,
      takesRest: true,
      claims: (request) => agent.claims(request),
      receive: (incoming) => {
        if (!agent.receiveInDialog(incoming)) {
          return agent.incomingCall(incoming).accept({ body: ANSWER });
        }
      },
      acknowledge: (ack) => agent.acknowledge(ack),
    });
  }
}

/** Time by hand, on the wheel that the system's clock uses: the manual one is made for few timers. */
class WheelClock implements Clock {
  readonly #wheel: TimerWheel = new TimerWheel(1, 65_536, 0);
  #now = 0;

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#now;
  }

  start(delay: number, fire: () => void): Timer {
    return this.#wheel.start(this.#now + delay, fire);
  }

  get pending(): number {
    return this.#wheel.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    this.#wheel.advance(this.#now);
  }
}

/** However long a chain of promises is, it has run by then. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
