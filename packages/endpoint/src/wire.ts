import type { TransportAddress, TransportProtocol } from '@sipx/contracts';

/** One message as it went over the wire, retransmissions included: what traces and ladders are made of. */
export interface WireEvent {
  readonly direction: 'in' | 'out';
  /** Read, do not change: they may be kept for a retransmission. */
  readonly bytes: Uint8Array;
  readonly local: TransportAddress;
  readonly remote: TransportAddress;
  readonly protocol: TransportProtocol;
  /** Milliseconds of the endpoint's clock. */
  readonly at: number;
}
