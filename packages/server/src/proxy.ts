import type { Clock, IdSource } from '@sipx/contracts';
import { cryptoIds, systemClock } from '@sipx/contracts';
import { HandlerChain, type MaybePromise } from '@sipx/handlers';
import type { Request, Response, SipURI } from '@sipx/message';
import { Forwarding } from './forwarding.ts';
import { Gatekeeper } from './gatekeeper.ts';
import type { ServerContext } from './server-context.ts';
import type { Answer, Service } from './service.ts';
import type { Users } from './user-directory.ts';

export interface ProxyOptions {
  /** Where a request goes that begins something new; a status refuses it; undefined: not for this proxy. */
  readonly target: (context: ServerContext) => MaybePromise<SipURI | number | undefined>;
  /** Who may call through it; nobody is asked when not given. */
  readonly authenticate?: {
    readonly realm: string;
    readonly users: Users;
    readonly algorithms?: readonly string[];
    /** Which requests are asked for credentials; INVITE and MESSAGE when not given. */
    readonly when?: (request: Request) => boolean;
  };
  readonly clock?: Clock;
  readonly ids?: IdSource;
}

/** A stateful proxy to one target for each request (RFC 3261 16), record-routing: it stays in the dialogs. */
export class Proxy implements Service {
  readonly #target: ProxyOptions['target'];
  readonly #gatekeeper: Gatekeeper | undefined;
  readonly #asked: (request: Request) => boolean;
  #endpoint: ServerContext['endpoint'] | undefined;

  constructor({ target, authenticate, clock, ids }: ProxyOptions) {
    this.#target = target;
    this.#asked = authenticate?.when ?? beginsSomething;
    this.#gatekeeper =
      authenticate &&
      new Gatekeeper('proxy', {
        realm: authenticate.realm,
        users: authenticate.users,
        ...(authenticate.algorithms && { algorithms: authenticate.algorithms }),
        clock: clock ?? systemClock(),
        ids: ids ?? cryptoIds(),
      });
  }

  guard(request: Request): Response | undefined {
    return this.#isAsked(request) ? this.#gatekeeper?.guard(request) : undefined;
  }

  async handle(context: ServerContext): Promise<Answer> {
    const { request } = context;
    this.#endpoint = context.endpoint;
    if (request.to.tag !== undefined) {
      // In a dialog: its route set led here and says where it goes on (16.6, step 6).
      return context.routed ? this.#forward(context, undefined) : undefined;
    }
    if (request.method === 'REGISTER') return undefined;
    const target = await this.#target(context);
    if (target === undefined || typeof target === 'number') return target;
    if (this.#gatekeeper && this.#isAsked(request)) {
      const user = await this.#gatekeeper.admit(context);
      if (typeof user !== 'string') return user;
    }
    return this.#forward(context, target);
  }

  /** The ACK for a 2xx goes the way of its dialog (16.11: no transaction keeps it). */
  acknowledge(ack: Request): void {
    const endpoint = this.#endpoint;
    const hops = ack.headers.get('Max-Forwards') ?? 70;
    if (!endpoint || hops < 1) return;
    const onward = ack.with({});
    onward.headers.set('Max-Forwards', hops - 1);
    endpoint.transmit(onward, { chain: noHandlers }).catch((err: unknown) => {
      endpoint.logger.debug({ err, callId: ack.callId }, 'an ACK could not be sent on');
    });
  }

  #forward(context: ServerContext, target: SipURI | undefined): Answer {
    if ((context.request.headers.get('Max-Forwards') ?? 70) < 1) return 483;
    if (context.signal.aborted) return 'handled';
    new Forwarding(context).start(target);
    return 'handled';
  }

  #isAsked(request: Request): boolean {
    return request.to.tag === undefined && this.#asked(request);
  }
}

/** They saw the ACK when it came in. */
const noHandlers = new HandlerChain();

const beginsSomething = ({ method }: Request): boolean =>
  method === 'INVITE' || method === 'MESSAGE';
