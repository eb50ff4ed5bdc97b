import type { SIPXError, Timer } from '@sipx/contracts';
import { hostPort } from '@sipx/contracts';
import type { Endpoint, Exchange, IncomingAck, IncomingRequest, Owner } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';
import type { Request, Response } from '@sipx/message';

/** RFC 3261 16.6, step 11: more than 3 minutes. */
const TIMER_C = 181_000;

/** A stateful proxy that rings every target at once (RFC 3261 16), as small as the races of a fork need it. */
export class ForkingProxy implements Owner {
  readonly chain: HandlerChain = new HandlerChain();
  readonly takesRest = true;
  readonly #endpoint: Endpoint;
  readonly #targets: readonly string[];
  readonly #records: boolean;

  /** @param records whether it stays in the dialogs that it helps to make */
  constructor(endpoint: Endpoint, targets: readonly string[], records: boolean) {
    this.#endpoint = endpoint;
    this.#targets = targets;
    this.#records = records;
  }

  claims(): boolean {
    return true;
  }

  receive(incoming: IncomingRequest): void {
    const { request } = incoming;
    if (request.to.tag !== undefined) {
      new Fork(this.#endpoint, incoming, false).start([request.with({})]);
      return;
    }
    const copies = this.#targets.map((uri) => request.with({ uri }));
    new Fork(this.#endpoint, incoming, this.#records).start(copies);
  }

  acknowledge({ request }: IncomingAck): void {
    // Nobody hears of an ACK that finds no way.
    this.#endpoint.transmit(request.with({}), { chain: this.chain }).catch(() => {});
  }
}

/** One request on all its branches: the response context of RFC 3261 16.7. */
class Fork {
  readonly #endpoint: Endpoint;
  readonly #incoming: IncomingRequest;
  readonly #records: boolean;
  readonly #branches: Exchange[] = [];
  readonly #refusals: number[] = [];
  #timerC: Timer | undefined;

  constructor(endpoint: Endpoint, incoming: IncomingRequest, records: boolean) {
    this.#endpoint = endpoint;
    this.#incoming = incoming;
    this.#records = records;
  }

  start(copies: readonly Request[]): void {
    const { method } = this.#incoming.request;
    if (method === 'INVITE') {
      this.#timerC = this.#endpoint.clock.start(TIMER_C, () => this.#cancelAll());
      this.#incoming.signal.addEventListener('abort', () => this.#cancelAll());
    }
    for (const copy of copies) {
      const branch = this.#endpoint.exchange(
        copy,
        {
          chain: new HandlerChain(),
          cseq: () => copy.cseq.sequence,
          prepare: (request, { protocol, host, port }) => {
            if (!this.#records) return;
            const route = `<sip:${hostPort(host, port)};transport=${protocol};lr>`;
            request.headers.prepend('Record-Route', route);
          },
        },
        {
          provisional: (response) => {
            if (response.status > 100 && !this.#isAnswered) this.#back(response);
          },
          final: (response) => this.#final(response),
          further: (response) => this.#back(response),
          failed: (error) => this.#refused(statusFor(error)),
        },
      );
      this.#branches.push(branch);
    }
  }

  #final(response: Response): void {
    if (!response.ok) {
      if (response.status >= 600) this.#cancelAll();
      this.#refused(response.status);
      return;
    }
    this.#timerC?.cancel();
    this.#back(response);
    this.#refusals.push(response.status);
    this.#cancelAll();
  }

  /** The best of all once every branch has had its answer (16.7, step 6). */
  #refused(status: number): void {
    this.#refusals.push(status);
    if (this.#refusals.length < this.#branches.length) return;
    this.#timerC?.cancel();
    if (this.#isAnswered) return;
    const best = this.#refusals.find((each) => each >= 600) ?? Math.min(...this.#refusals);
    void this.#incoming.respond(best);
  }

  #back(response: Response): void {
    const back = response.with({});
    back.headers.deleteFirst('Via');
    void this.#incoming.respond(back);
  }

  #cancelAll(): void {
    for (const branch of this.#branches) branch.cancel();
  }

  get #isAnswered(): boolean {
    return (this.#incoming.status ?? 0) >= 200;
  }
}

/** A 408 to another request than an INVITE ends its transaction and is not sent (RFC 4320 4.2). */
const statusFor = ({ code }: SIPXError): number => {
  if (code === 'SIPX_CALL_CANCELLED') return 487;
  return code === 'SIPX_TRANSACTION_TIMEOUT' ? 408 : 500;
};
