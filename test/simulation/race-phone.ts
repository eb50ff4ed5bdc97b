import { SIPXError, silentLogger } from '@sipx/contracts';
import { Endpoint, type IncomingRequest, type WireEvent } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';
import { NameAddr, SipURI } from '@sipx/message';
import { type Call, UserAgent } from '@sipx/session';
import { type MemoryHost, SeededIds } from '@sipx/testing';
import { SlowHandler } from './slow-handler.ts';
import { SlowMedia } from './slow-media.ts';
import type { CalleePlan, RacePlan } from './race-plan.ts';

export interface Reports {
  readonly wire: (event: WireEvent) => void;
  readonly fault: (what: string) => void;
}

/** An endpoint on a host; whatever it logs as an error is a fault. */
export const simulatedEndpoint = (
  host: MemoryHost,
  protocol: RacePlan['protocol'],
  seed: string,
  { wire, fault }: Reports,
): Endpoint => {
  const endpoint = new Endpoint({
    transports: [host.transport(protocol)],
    listen: [`${protocol}:${host.address}:5060`],
    clock: host.clock,
    ids: new SeededIds(seed),
    logger: {
      ...silentLogger,
      error: (facts, message) => fault(`${message}: ${causeOf(facts)}`),
    },
  });
  endpoint.on('wire', wire);
  return endpoint;
};

/** One side of a call: a user agent, and the user who does with its calls what the plan says. */
export class RacePhone {
  readonly host: MemoryHost;
  readonly endpoint: Endpoint;
  readonly agent: UserAgent;
  readonly calls: PhoneCall[] = [];
  readonly #plan: RacePlan;
  readonly #reports: Reports;

  constructor(
    host: MemoryHost,
    ringTimeout: number,
    seed: string,
    plan: RacePlan,
    reports: Reports,
    callee?: CalleePlan,
  ) {
    this.host = host;
    this.#plan = plan;
    this.#reports = reports;
    this.endpoint = simulatedEndpoint(host, plan.protocol, seed, reports);
    const { handlers } = plan;
    const chain = new HandlerChain(
      handlers > 0 ? [new SlowHandler(host.clock, handlers, seed)] : [],
    );
    const agent = new UserAgent({
      endpoint: this.endpoint,
      chain,
      contactUser: 'phone',
      ringTimeout,
    });
    this.agent = agent;
    this.endpoint.attach({
      chain,
      takesRest: true,
      claims: (request) => agent.claims(request),
      receive: (incoming) => {
        if (agent.receiveInDialog(incoming)) return;
        if (incoming.merged || !callee) return incoming.respond(incoming.merged ? 482 : 480);
        this.#answer(incoming, callee);
      },
      acknowledge: (ack) => agent.acknowledge(ack),
    });
  }

  /** The caller's part of the plan. */
  call(host: string): void {
    const { caller, offers, protocol } = this.#plan;
    const call = this.agent.call(
      new NameAddr({ uri: `sip:caller@${this.host.address}` }),
      new SipURI({ host, user: 'callee' }),
      offers ? { media: this.#media() } : {},
      { transport: protocol },
    );
    this.#follow(call);
    for (const at of caller.cancels) {
      this.#in(at, () => this.#giveUp(call));
    }
    this.#hangUp(call, caller.hangsUp);
  }

  #giveUp(call: Call): void {
    if (call.state === 'ended') return;
    if (call.state === 'calling' || call.state === 'ringing') {
      call.once('confirmed', () => this.#reports.fault('up, though it was given up before'));
    }
    this.#expect(call, call.bye());
  }

  #answer(incoming: IncomingRequest, { rings, does, after, hangsUp }: CalleePlan): void {
    const call = this.agent.incomingCall(incoming);
    this.#follow(call);
    if (rings !== undefined) this.#in(rings, () => this.#expect(call, call.ring()));
    if (does === 'reject') this.#in(after, () => this.#expect(call, call.reject(486)));
    if (does !== 'accept') return;
    this.#in(after, () => {
      this.#expect(call, call.accept({ media: this.#media() }));
      if (hangsUp === 'too soon') this.#expect(call, call.bye());
    });
    this.#hangUp(call, hangsUp);
  }

  #hangUp(call: Call, when: CalleePlan['hangsUp']): void {
    const bye = (): void => this.#expect(call, call.bye());
    if (when === 'at once') call.once('answered', bye);
    else if (typeof when === 'number') call.once('confirmed', () => this.#in(when, bye));
  }

  #follow(call: Call): void {
    const followed: PhoneCall = { call, tag: undefined, wasUp: false, endedAt: undefined };
    this.calls.push(followed);
    call.once('answered', ({ to }) => (followed.tag = to.tag));
    call.once('confirmed', () => (followed.wasUp = true));
    call.on('ended', ({ code }) => {
      // Only somebody's BYE ends it then.
      if (followed.wasUp && code) this.#reports.fault(`was up, and ended with ${code}`);
      if (followed.endedAt !== undefined) this.#reports.fault('a call ended twice');
      followed.endedAt = this.host.clock.now();
    });
  }

  #media(): SlowMedia {
    return new SlowMedia(this.host.clock, this.#plan.media);
  }

  #in(ms: number, act: () => void): void {
    this.host.clock.start(ms, act);
  }

  /** A user who is late is told so; any other failure is ours. */
  #expect(call: Call, done: Promise<void> | undefined): void {
    done?.catch((error: unknown) => {
      const isLate = error instanceof SIPXError && error.code === 'SIPX_USAGE_STATE';
      if (!isLate || call.state !== 'ended') this.#reports.fault(`rejected: ${String(error)}`);
    });
  }
}

/** A call, and the tag of the called side in the dialog that it lives in. */
export interface PhoneCall {
  readonly call: Call;
  tag: string | undefined;
  wasUp: boolean;
  endedAt: number | undefined;
}

const causeOf = (facts: object): string => {
  const { err } = facts as { readonly err?: unknown };
  return err instanceof Error ? (err.stack ?? err.message) : JSON.stringify(facts);
};
