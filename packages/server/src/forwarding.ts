import type { SIPXError, Timer, TransportAddress } from '@sipx/contracts';
import { hostPort, sameAddress } from '@sipx/contracts';
import type { Exchange } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';
import type { Request, Response, SipURI } from '@sipx/message';
import type { ServerContext } from './server-context.ts';

/** Timer C: an INVITE whose target rings for ever is cancelled (RFC 3261 16.6, step 11: more than 3 minutes). */
const TIMER_C = 181_000;

/** The handlers saw the request when it came in; what a proxy sends on is not its own to decorate. */
const noHandlers = new HandlerChain();

/** One request on its way through a proxy, and its responses on their way back (RFC 3261 16.6, 16.7). */
export class Forwarding {
  readonly #context: ServerContext;
  #exchange: Exchange | undefined;
  #timerC: Timer | undefined;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /** To `target`, or where Route and Request-URI lead. */
  start(target: SipURI | undefined): void {
    const { request, endpoint, incoming, signal } = this.#context;
    const onward = request.with(target ? { uri: target } : {});
    onward.headers.set('Max-Forwards', (request.headers.get('Max-Forwards') ?? 70) - 1);
    this.#watch();
    signal.addEventListener('abort', () => this.#exchange?.cancel(), { once: true });
    this.#exchange = endpoint.exchange(
      onward,
      {
        chain: noHandlers,
        // Nothing here asks for a further attempt.
        cseq: () => request.cseq.sequence,
        prepare: (sent, local) => this.#recordRoute(sent, local),
      },
      {
        provisional: (response) => {
          this.#watch();
          // 100 is hop by hop (16.7, step 5).
          if (response.status > 100) void incoming.respond(this.#back(response));
        },
        final: (response) => {
          this.#timerC?.cancel();
          this.#answer(response);
        },
        further: (response) => void incoming.respond(this.#back(response)),
        failed: (error) => {
          this.#timerC?.cancel();
          this.#failed(error);
        },
      },
    );
  }

  #answer(response: Response): void {
    const { incoming } = this.#context;
    // The target's overload is not ours (16.7, step 6).
    if (response.status === 503) void incoming.respond(500);
    else void incoming.respond(this.#back(response));
  }

  #failed(error: SIPXError): void {
    const { incoming, signal } = this.#context;
    if ((incoming.status ?? 0) >= 200) return;
    const timeout = error.code === 'SIPX_TRANSACTION_TIMEOUT';
    // To a request other than INVITE a 408 ends the transaction and is not sent (RFC 4320 4.2).
    void incoming.respond(signal.aborted ? 487 : timeout ? 408 : 500);
  }

  /** Without our Via, which is on top (16.7, step 3). */
  #back(response: Response): Response {
    const back = response.with({});
    back.headers.deleteFirst('Via');
    return back;
  }

  /** Both addresses where the transport changes, so that each side comes back the way it knows (RFC 5658). */
  #recordRoute(sent: Request, out: TransportAddress): void {
    if (sent.method !== 'INVITE' || sent.to.tag !== undefined) return;
    const { incoming } = this.#context;
    const back = incoming.local();
    if (!(back instanceof Promise) && !sameAddress(back, out)) {
      sent.headers.prepend('Record-Route', routeTo(back));
    }
    sent.headers.prepend('Record-Route', routeTo(out));
  }

  #watch(): void {
    const { request, endpoint } = this.#context;
    if (request.method !== 'INVITE') return;
    this.#timerC?.cancel();
    this.#timerC = endpoint.clock.start(TIMER_C, () => this.#exchange?.cancel());
  }
}

const routeTo = ({ protocol, host, port }: TransportAddress): string => {
  const transport = protocol === 'udp' ? '' : `;transport=${protocol}`;
  return `<sip:${hostPort(host, port)}${transport};lr>`;
};
