/** Names to addresses. Injected, so that tests and private networks bring their own. */
export interface Resolver {
  /**
   * A and AAAA records of a host name, in the order to try them.
   * Rejects with SIPX_RESOLVE when there are none.
   */
  addresses(host: string, signal?: AbortSignal): Promise<readonly ResolvedAddress[]>;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}
