import type { TransportAddress } from '@sipx/contracts';
import type { Endpoint, IncomingRequest } from '@sipx/endpoint';
import type { HeadersInit, Request, Response, ResponseToOptions } from '@sipx/message';
import type { Call, CallMedia, UserAgent } from '@sipx/session';

/** One request that came to a server, and what can be done with it. */
export class ServerContext {
  readonly endpoint: Endpoint;
  readonly incoming: IncomingRequest;
  readonly #agent: UserAgent;

  /** @internal */
  constructor(endpoint: Endpoint, agent: UserAgent, incoming: IncomingRequest) {
    this.endpoint = endpoint;
    this.incoming = incoming;
    this.#agent = agent;
  }

  get request(): Request {
    return this.incoming.request;
  }

  /** Where it came from. */
  get source(): TransportAddress {
    return this.incoming.source;
  }

  /** A Route header of this server was taken off: the request is to be sent on. */
  get routed(): boolean {
    return this.incoming.routed;
  }

  /** Aborts when the caller cancels. */
  get signal(): AbortSignal {
    return this.incoming.signal;
  }

  /** A response to the request; return it, and it is sent. */
  reply(status: number, options?: ResponseToOptions): Response {
    return this.incoming.reply(status, options);
  }

  /** INVITE: takes the call, rings, and answers it. */
  async accept(options: CallMedia & { readonly headers?: HeadersInit } = {}): Promise<'handled'> {
    await this.call().accept(options);
    return 'handled';
  }

  /** INVITE: takes the call without answering it yet. Return 'handled', and answer or refuse it later. */
  call(): Call {
    return this.#agent.incomingCall(this.incoming);
  }
}
