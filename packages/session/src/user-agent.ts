import type { TransportAddress } from '@sipx/contracts';
import { hostPort, ProtocolError } from '@sipx/contracts';
import type { Endpoint, IncomingAck, IncomingRequest } from '@sipx/endpoint';
import type { HandlerChain } from '@sipx/handlers';
import type { HeadersInit } from '@sipx/message';
import { isSipURI, NameAddr, Request, type SipURI } from '@sipx/message';
import type { AgentSettings, RequestSettings } from './agent-settings.ts';
import { Call } from './call.ts';
import type { CallMedia } from './call-media.ts';
import { DialogRegistry } from './dialog-registry.ts';
import { ALLOW } from './in-dialog.ts';

export interface UserAgentOptions {
  readonly endpoint: Endpoint;
  readonly chain: HandlerChain;
  /** The user part of the Contact. It is this agent's own on the endpoint, so that requests find it. */
  readonly contactUser: string;
  /** Milliseconds that a call may ring, either way. 180,000. */
  readonly ringTimeout?: number;
  readonly product?: string;
}

export interface InviteOptions extends RequestSettings {
  readonly headers?: HeadersInit;
}

const RING_TIMEOUT = 180_000;

/** Calls and the requests that belong to them: what a client and a server have in common. */
export class UserAgent {
  /** The user part of the Contact. */
  readonly contactUser: string;
  readonly #settings: AgentSettings;

  constructor(options: UserAgentOptions) {
    const { endpoint, chain, contactUser } = options;
    this.contactUser = contactUser;
    this.#settings = {
      endpoint,
      chain,
      dialogs: new DialogRegistry(),
      calls: new Set(),
      contact: (local) => this.contact(local),
      ringTimeout: options.ringTimeout ?? RING_TIMEOUT,
      product: options.product,
    };
  }

  /** The calls that have not ended. */
  get calls(): ReadonlySet<Call> {
    return this.#settings.calls;
  }

  /** How a peer that reaches us at `local` can address this agent (RFC 3261 8.1.1.8). */
  contact({ protocol, host, port }: TransportAddress): string {
    const transport = protocol === 'udp' ? '' : `;transport=${protocol}`;
    return `<sip:${this.contactUser}@${hostPort(host, port)}${transport}>`;
  }

  /** Addressed to this agent's Contact, or inside one of its dialogs. */
  claims(request: Request): boolean {
    if (isSipURI(request.uri) && request.uri.user === this.contactUser) return true;
    return this.#settings.dialogs.find(request) !== undefined;
  }

  /** Calls `target`. The INVITE goes out by itself; the call tells how it fares. */
  call(
    from: NameAddr,
    target: SipURI,
    media: CallMedia,
    options: InviteOptions & RouteOptions,
  ): Call {
    const { endpoint, product } = this.#settings;
    const { ids } = endpoint;
    const invite = new Request({ method: 'INVITE', uri: target, headers: options.headers ?? {} });
    const { headers } = invite;
    for (const route of options.routes ?? []) headers.append('Route', route);
    headers.set('From', from.with({ tag: ids.token() }));
    headers.set('To', new NameAddr({ uri: target }));
    headers.set('Call-ID', ids.token());
    headers.set('CSeq', '1 INVITE');
    headers.set('Allow', ALLOW);
    if (product) headers.set('User-Agent', product);
    const { auth, transport } = options;
    return this.#keep(
      Call.outgoing(this.#settings, invite, media, {
        ...(auth && { auth }),
        ...(transport && { transport }),
      }),
    );
  }

  /**
   * Takes a request that carries a To tag: its dialog does, or it is answered 481 (RFC 3261 12.2.2).
   * @returns whether it was taken; without a To tag it is its owner's
   */
  receiveInDialog(incoming: IncomingRequest): boolean {
    if (incoming.request.to.tag === undefined) return false;
    const user = this.#settings.dialogs.find(incoming.request);
    void (user ? user.receive(incoming) : incoming.respond(481));
    return true;
  }

  /**
   * The call that an INVITE begins.
   * @throws ProtocolError SIPX_PARSE_HEADER when no dialog can be made of it: answered 400
   */
  incomingCall(incoming: IncomingRequest): Call {
    checkDialogForming(incoming.request);
    return this.#keep(Call.incoming(this.#settings, incoming));
  }

  acknowledge(ack: IncomingAck): void {
    this.#settings.dialogs.find(ack.request)?.acknowledge(ack);
  }

  /** Hangs up every call. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.calls].map((call) => call.bye()));
  }

  #keep(call: Call): Call {
    if (!call.end) this.#settings.calls.add(call);
    return call;
  }
}

/** Read now what the dialog will need, so that a malformed INVITE never becomes a call (RFC 3261 12.1.1). */
const checkDialogForming = ({ headers, contact }: Request): void => {
  headers.getAll('Record-Route');
  if (contact && !contact.wildcard && contact.uri) return;
  throw new ProtocolError('SIPX_PARSE_HEADER', 'an INVITE without a usable Contact', {
    expected: 'one Contact (RFC 3261 8.1.1.8)',
    got: headers.raw('Contact') ?? 'none',
  });
};

export interface RouteOptions {
  /** Route values to start with: an outbound proxy. */
  readonly routes?: readonly string[];
}
