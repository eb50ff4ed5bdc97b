import type { TransportAddress } from '@sipx/contracts';
import {
  Endpoint,
  type EndpointOptions,
  type IncomingAck,
  type IncomingRequest,
  type Owner,
} from '@sipx/endpoint';
import type { StateManager } from '@sipx/fsm';
import { type EventHandler, HandlerChain, type MaybePromise } from '@sipx/handlers';
import type { Method, Request, Response } from '@sipx/message';
import { type Call, UserAgent } from '@sipx/session';
import { ServerContext } from './server-context.ts';
import type { Answer, Service } from './service.ts';

/** Those of the endpoint count when the server makes its own. */
export interface SIPServerOptions extends EndpointOptions {
  /** To share with clients; the server then does not close it. */
  readonly endpoint?: Endpoint;
  readonly handlers?: readonly EventHandler[];
  /** Of Server in responses to calls. */
  readonly product?: string;
  /** Milliseconds that a call may ring. 180,000. */
  readonly ringTimeout?: number;
}

export type RequestHandler = (context: ServerContext) => MaybePromise<Answer | void>;

/** A SIP server: services and method handlers behind one endpoint. */
export class SIPServer {
  readonly endpoint: Endpoint;
  readonly #ownsEndpoint: boolean;
  readonly #chain: HandlerChain;
  readonly #agent: UserAgent;
  readonly #services: Service[] = [];
  readonly #methods = new Set<string>();
  readonly #detach: () => void;
  #closing: Promise<void> | undefined;

  constructor(options: SIPServerOptions = {}) {
    const { product, ringTimeout, handlers } = options;
    this.#ownsEndpoint = options.endpoint === undefined;
    this.endpoint = options.endpoint ?? new Endpoint(options);
    this.#chain = new HandlerChain(handlers);
    this.#agent = new UserAgent({
      endpoint: this.endpoint,
      chain: this.#chain,
      contactUser: `server-${this.endpoint.ids.token().slice(0, 8)}`,
      ...(product !== undefined && { product }),
      ...(ringTimeout !== undefined && { ringTimeout }),
    });
    this.#detach = this.endpoint.attach(this.#owner());
  }

  get stateManager(): StateManager {
    return this.endpoint.stateManager;
  }

  /** The calls that this server itself takes part in and that have not ended. */
  get calls(): ReadonlySet<Call> {
    return this.#agent.calls;
  }

  /** What is bound now. */
  get addresses(): readonly TransportAddress[] {
    return this.endpoint.addresses;
  }

  /** Adds a service behind those that are there. */
  use(service: Service): this {
    this.#services.push(service);
    return this;
  }

  addHandler(handler: EventHandler): this {
    this.#chain.addHandler(handler);
    return this;
  }

  /**
   * Answers requests of one method with a status, a response or a promise of one; what returns nothing leaves
   * the request to the next.
   */
  on(method: Method, handler: RequestHandler): this {
    this.#methods.add(method);
    return this.use({
      handle: (context) => {
        if (context.request.method !== method) return undefined;
        if (context.incoming.merged) return 482;
        const answer = handler(context);
        return answer instanceof Promise ? answer.then(orNothing) : orNothing(answer);
      },
    });
  }

  invite(handler: RequestHandler): this {
    return this.on('INVITE', handler);
  }

  message(handler: RequestHandler): this {
    return this.on('MESSAGE', handler);
  }

  /** Binds. Rejects with SIPX_TRANSPORT_BIND. */
  listen(): Promise<readonly TransportAddress[]> {
    return this.endpoint.listen();
  }

  /** Hangs up its calls, then closes the endpoint if it is the server's own. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#agent.close();
    this.#detach();
    if (this.#ownsEndpoint) await this.endpoint.close();
  }

  #owner(): Owner {
    return {
      chain: this.#chain,
      takesRest: true,
      claims: (request) => this.#agent.claims(request),
      guard: (request) => this.#guard(request),
      receive: (incoming) => this.#receive(incoming),
      acknowledge: (ack) => this.#acknowledge(ack),
    };
  }

  #guard(request: Request): Response | undefined {
    for (const service of this.#services) {
      const refusal = service.guard?.(request);
      if (refusal) return refusal;
    }
    return undefined;
  }

  #receive(incoming: IncomingRequest): MaybePromise<void> {
    if (this.#agent.claims(incoming.request)) {
      this.#agent.receiveInDialog(incoming);
      return;
    }
    return this.#offer(new ServerContext(this.endpoint, this.#agent, incoming), 0);
  }

  /** Asks the services from the one at `first` on. Nobody waits for one that need not be waited for. */
  #offer(context: ServerContext, first: number): MaybePromise<void> {
    for (let at = first; ; at += 1) {
      const service = this.#services[at];
      if (!service) return this.#unanswered(context.incoming);
      const answer = service.handle(context);
      if (answer instanceof Promise) {
        return answer.then((late) =>
          late === undefined ? this.#offer(context, at + 1) : respond(context, late),
        );
      }
      if (answer !== undefined) return respond(context, answer);
    }
  }

  /** In a dialog that is not here (RFC 3261 12.2.2), or nothing that this server does (8.2.1, 8.2.2.1). */
  #unanswered(incoming: IncomingRequest): Promise<void> | void {
    const { to, method } = incoming.request;
    if (to.tag !== undefined) return incoming.respond(481);
    if (this.#methods.has(method)) return incoming.respond(404);
    const Allow = [...this.#methods, 'ACK', 'CANCEL', 'BYE'].join(', ');
    return incoming.respond(405, { headers: { Allow } });
  }

  #acknowledge({ request }: IncomingAck): void {
    if (this.#agent.claims(request)) {
      this.#agent.acknowledge({ request, routed: false });
      return;
    }
    for (const service of this.#services) service.acknowledge?.(request);
  }
}

const respond = ({ incoming }: ServerContext, answer: NonNullable<Answer>): MaybePromise<void> =>
  answer === 'handled' ? undefined : incoming.respond(answer);

const orNothing = (answer: Answer | void): Answer => answer ?? undefined;

export { SIPServer as AsyncSIPServer };
