import type { TransportProtocol } from '@sipx/contracts';
import type { TransportAddress } from '@sipx/contracts';
import type { Endpoint } from '@sipx/endpoint';
import type { EventContext, HandlerChain } from '@sipx/handlers';
import type { Call } from './call.ts';
import type { DialogRegistry } from './dialog-registry.ts';

/** What every call of a user agent shares. */
export interface AgentSettings {
  readonly endpoint: Endpoint;
  readonly chain: HandlerChain;
  readonly dialogs: DialogRegistry;
  /** Those that have not ended. */
  readonly calls: Set<Call>;
  /** The Contact of this agent for a peer that reaches it at `local`. */
  readonly contact: (local: TransportAddress) => string;
  /** Milliseconds that a call may ring, either way, before it is given up. 180,000. */
  readonly ringTimeout: number;
  /** For User-Agent in requests and Server in responses. */
  readonly product: string | undefined;
}

/** What one call's requests may set for themselves. */
export interface RequestSettings {
  readonly auth?: NonNullable<EventContext['auth']>;
  /** Where neither a Route nor the URI names one. */
  readonly transport?: TransportProtocol;
}
