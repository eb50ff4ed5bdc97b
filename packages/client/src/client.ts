import { isProtocol, type TransportProtocol, UsageError } from '@sipx/contracts';
import { Endpoint, type IncomingRequest, type Owner } from '@sipx/endpoint';
import type { StateManager } from '@sipx/fsm';
import { AuthenticationHandler, type EventHandler, HandlerChain } from '@sipx/handlers';
import {
  isSipURI,
  type Method,
  NameAddr,
  Request,
  type Response,
  type SipURI,
} from '@sipx/message';
import { ALLOW, type Call, UserAgent } from '@sipx/session';
import { EventEmitter } from 'eventemitter3';
import type {
  CallOptions,
  ClientOptions,
  RegisterOptions,
  RequestOptions,
  TransportName,
} from './client-options.ts';
import { Registration } from './registration.ts';
import { asSipURI, looseRoute } from './target.ts';

export interface ClientEvents {
  /** Somebody calls. Without a listener the call is refused with 480. */
  invite: (call: Call) => void;
}

const EXPIRES = 600;

/**
 * A SIP user agent: registers, calls and is called. It does no I/O before its first request or `listen()`.
 *
 * Requests resolve with whatever final response came (`response.ok`, `response.orThrow()`) and reject only when
 * none did. `register()` and `call.answered()` mean success and reject with the response when refused.
 */
export class Client extends EventEmitter<ClientEvents> {
  readonly endpoint: Endpoint;
  /** The address of record, as From. */
  readonly address: NameAddr;

  readonly #options: ClientOptions;
  readonly #ownsEndpoint: boolean;
  readonly #chain = new HandlerChain();
  readonly #agent: UserAgent;
  readonly #routes: readonly string[];
  readonly #detach: () => void;
  #registration: Registration | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ClientOptions) {
    super();
    this.#options = options;
    const { uri, handlers, userAgent, ringTimeout } = options;
    this.address = typeof uri === 'string' ? NameAddr.parse(uri) : uri;
    this.#ownsEndpoint = options.endpoint === undefined;
    this.endpoint = options.endpoint ?? new Endpoint(options);
    this.#routes = options.outboundProxy === undefined ? [] : [looseRoute(options.outboundProxy)];
    this.#chain.addHandler(
      new AuthenticationHandler({
        ids: this.endpoint.ids,
        ...(options.credentials && { credentials: options.credentials }),
      }),
    );
    for (const handler of handlers ?? []) this.#chain.addHandler(handler);
    this.#agent = new UserAgent({
      endpoint: this.endpoint,
      chain: this.#chain,
      contactUser: contactUser(this.address, this.endpoint.ids.token()),
      ...(ringTimeout !== undefined && { ringTimeout }),
      ...(userAgent !== undefined && { product: userAgent }),
    });
    this.#detach = this.endpoint.attach(this.#owner());
  }

  /** The live transactions and dialogs, and observers of their states. */
  get stateManager(): StateManager {
    return this.endpoint.stateManager;
  }

  /** The calls that have not ended. */
  get calls(): ReadonlySet<Call> {
    return this.#agent.calls;
  }

  get registration(): Registration | undefined {
    return this.#registration;
  }

  /** Runs after those that are there, for requests and for responses. */
  addHandler(handler: EventHandler): this {
    this.#chain.addHandler(handler);
    return this;
  }

  removeHandler(handler: EventHandler): boolean {
    return this.#chain.removeHandler(handler);
  }

  /** Binds now, so that calls can come in before anything was sent. */
  async listen(): Promise<void> {
    await this.endpoint.listen();
  }

  /**
   * Registers and stays registered until `unregister()` or `close()`.
   * Rejects with SIPX_REGISTER_REJECTED (a `RegisterRejectedError` with the response), or when none came.
   */
  async register(options: RegisterOptions = {}): Promise<Registration> {
    this.#registration?.stop();
    const { expires = EXPIRES } = options;
    const registration = new Registration(this.#registrationParts(options), expires);
    this.#registration = registration;
    try {
      return await registration.refresh(options.signal);
    } catch (error) {
      // There is nothing to refresh, nor to take back.
      registration.stop();
      if (this.#registration === registration) this.#registration = undefined;
      throw error;
    }
  }

  /** Takes the registration back; undefined when there was none. */
  async unregister(): Promise<Response | undefined> {
    const registration = this.#registration;
    this.#registration = undefined;
    return registration?.unregister();
  }

  /** Calls. The INVITE goes out by itself; what comes of it the call tells. */
  invite(target: string | SipURI, options: CallOptions = {}): Call {
    const { media, body, headers, auth, signal } = options;
    const transport = this.#transport(options.transport);
    const call = this.#agent.call(
      this.address,
      asSipURI(target),
      media ? { media } : body === undefined ? {} : { body },
      {
        routes: this.#routes,
        ...(headers && { headers }),
        ...(auth && { auth }),
        ...(transport && { transport }),
      },
    );
    signal?.addEventListener('abort', () => void call.bye(), { once: true });
    if (signal?.aborted) void call.bye();
    return call;
  }

  bye(call: Call): Promise<void> {
    return call.bye();
  }

  cancel(call: Call): void {
    call.cancel();
  }

  /** Any request outside of a dialog but INVITE, ACK and CANCEL. */
  async request(
    method: Method,
    target: string | SipURI,
    options: RequestOptions = {},
  ): Promise<Response> {
    if (method === 'INVITE' || method === 'ACK' || method === 'CANCEL') {
      throw new UsageError('SIPX_USAGE', `${method} is not sent by request()`, {
        expected: 'invite() and the methods of its Call',
        got: method,
      });
    }
    let sequence = 1;
    const uri = asSipURI(target);
    const request = this.#outOfDialog(method, uri, new NameAddr({ uri }), options);
    request.headers.set('CSeq', `${sequence} ${method}`);
    return this.#send(request, options, () => ++sequence);
  }

  /** Ends calls and registration, then the endpoint if it is the client's own. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#agent.close();
    // A registrar that does not answer must not hold the program back: the binding runs out.
    await this.unregister().catch(() => {});
    this.#detach();
    if (this.#ownsEndpoint) await this.endpoint.close();
    this.removeAllListeners();
  }

  #owner(): Owner {
    return {
      chain: this.#chain,
      takesRest: false,
      claims: (request) => this.#agent.claims(request),
      receive: (incoming) => this.#receive(incoming),
      acknowledge: (ack) => this.#agent.acknowledge(ack),
    };
  }

  #receive(incoming: IncomingRequest): Promise<void> | void {
    if (this.#agent.receiveInDialog(incoming)) return;
    if (incoming.merged) return incoming.respond(482);
    const { method } = incoming.request;
    if (method === 'INVITE') return this.#called(incoming);
    if (method === 'OPTIONS') {
      return incoming.respond(200, { headers: { Allow: ALLOW, Accept: 'application/sdp' } });
    }
    return incoming.respond(405, { headers: { Allow: ALLOW } });
  }

  /** A listener may be asynchronous: what it throws late is told to the log and to the caller. */
  async #called(incoming: IncomingRequest): Promise<void> {
    const listeners = this.listeners('invite');
    if (listeners.length === 0) return incoming.respond(480);
    const call = this.#agent.incomingCall(incoming);
    try {
      await Promise.all(listeners.map((listener) => listener(call)));
    } catch (err) {
      this.endpoint.logger.error({ err, callId: call.callId }, 'a listener of invite failed');
      if (!call.end && (incoming.status ?? 0) < 200) await call.reject(500);
    }
  }

  #registrationParts(options: RegisterOptions): ConstructorParameters<typeof Registration>[0] {
    const { clock, ids } = this.endpoint;
    const callId = ids.token();
    let sequence = 0;
    const registrar = this.#options.registrar ?? this.#domain();
    const { signal: _, ...lasting } = options;
    const send = (expires: number, signal?: AbortSignal): Promise<Response> => {
      const request = this.#outOfDialog('REGISTER', asSipURI(registrar), this.address, options);
      request.headers.set('Call-ID', callId);
      request.headers.set('CSeq', `${++sequence} REGISTER`);
      request.headers.set('Expires', expires);
      return this.#send(request, { ...lasting, ...(signal && { signal }) }, () => ++sequence);
    };
    const granted = (response: Response): number => this.#granted(response, options);
    return { clock, ids, send, granted };
  }

  /** The expires of our own Contact, else Expires (RFC 3261 10.2.4). */
  #granted(response: Response, { expires = EXPIRES }: RegisterOptions): number {
    for (const contact of response.headers.getAll('Contact')) {
      if (!isSipURI(contact.uri) || contact.uri.user !== this.#contactUser) continue;
      const seconds = Number(contact.params.get('expires'));
      if (Number.isFinite(seconds) && seconds > 0) return seconds;
    }
    return response.headers.get('Expires') ?? expires;
  }

  get #contactUser(): string {
    return this.#agent.contactUser;
  }

  #outOfDialog(method: Method, uri: SipURI, to: NameAddr, options: RequestOptions): Request {
    const { ids } = this.endpoint;
    const { headers: given, body } = options;
    const request = new Request({
      method,
      uri,
      ...(given && { headers: given }),
      ...(body !== undefined && { body }),
    });
    const { headers } = request;
    for (const route of this.#routes) headers.append('Route', route);
    headers.set('From', this.address.with({ tag: ids.token() }));
    headers.set('To', to);
    headers.set('Call-ID', ids.token());
    if (this.#options.userAgent) headers.set('User-Agent', this.#options.userAgent);
    return request;
  }

  #send(request: Request, options: RequestOptions, cseq: () => number): Promise<Response> {
    const { auth, signal } = options;
    const transport = this.#transport(options.transport);
    return this.endpoint.request(request, {
      chain: this.#chain,
      cseq,
      prepare: (sent, local) => sent.headers.set('Contact', this.#agent.contact(local)),
      ...(auth && { auth }),
      ...(signal && { signal }),
      ...(transport && { transport }),
    });
  }

  #transport(name: TransportName | undefined): TransportProtocol | undefined {
    const chosen = (name ?? this.#options.transport)?.toLowerCase();
    return chosen !== undefined && isProtocol(chosen) ? chosen : undefined;
  }

  #domain(): SipURI {
    const { uri } = this.address;
    if (!isSipURI(uri)) {
      throw new UsageError('SIPX_USAGE', 'no registrar for this address of record', {
        expected: 'a sip: or sips: uri, or the option registrar',
        got: String(uri),
      });
    }
    return uri.with({ user: undefined, password: undefined });
  }
}

export { Client as AsyncClient };

/** Recognisable for people, unique on the endpoint. */
const contactUser = (address: NameAddr, token: string): string => {
  const user = isSipURI(address.uri) ? address.uri.user : undefined;
  return `${user ?? 'client'}-${token.slice(0, 8)}`;
};
