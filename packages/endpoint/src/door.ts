import type { Connection, TransportAddress } from '@sipx/contracts';
import { SIPXError } from '@sipx/contracts';
import type { Message, Request, Response, SipURI } from '@sipx/message';
import { isSipURI, parseMessage, responseTo } from '@sipx/message';
import { type Fault, validate } from '@sipx/message/validate';
import { receivedVia } from '@sipx/transport';
import type { Drops } from './drops.ts';
import type { StatelessTag } from './stateless.ts';

/** What came in: parsed, valid, its Via completed, our own Route taken off. */
export interface Arrival {
  readonly message: Message;
  readonly connection: Connection;
  readonly from: TransportAddress;
  readonly routed: boolean;
}

export interface DoorParts {
  readonly drops: Drops;
  readonly statelessTag: StatelessTag;
  readonly isOwn: (uri: SipURI) => boolean;
  /** Sends a response that no transaction keeps. */
  readonly respond: (arrival: Arrival, response: Response) => void;
}

/**
 * The one way in: bytes become a message that the rest may rely on. What is malformed is answered 400 where it
 * names somebody to answer, else dropped and counted; it never reaches a transaction.
 */
export class Door {
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  enter(connection: Connection, bytes: Uint8Array, from: TransportAddress): Arrival | undefined {
    const { drops } = this.#parts;
    // Keep-alive (RFC 5626 3.5.1, and the zero bytes that some phones send).
    if (bytes.length <= 4) {
      drops.keepAlive += 1;
      return undefined;
    }
    try {
      const message = parseMessage(bytes);
      const faults = validate(message);
      if (message.type === 'response') {
        if (faults.length === 0) return { message, connection, from, routed: false };
        drops.invalid += 1;
        return undefined;
      }
      const routed = this.#complete(message, from);
      const arrival = { message, connection, from, routed };
      const fault = faults[0];
      if (!fault) return arrival;
      this.#refuse(arrival, message, fault);
    } catch (error) {
      if (!(error instanceof SIPXError)) throw error;
      drops.unparsable += 1;
    }
    return undefined;
  }

  /** Fills in received and rport (RFC 3261 18.2.1, 3581 4) and takes our own Route off (16.4). */
  #complete(request: Request, from: TransportAddress): boolean {
    const { headers, via } = request;
    const completed = receivedVia(via, from);
    if (completed !== via) {
      headers.deleteFirst('Via');
      headers.prepend('Via', completed);
    }
    let routed = false;
    for (;;) {
      const uri = headers.get('Route')?.uri;
      if (!uri || !isSipURI(uri) || !this.#parts.isOwn(uri)) return routed;
      headers.deleteFirst('Route');
      routed = true;
    }
  }

  #refuse(arrival: Arrival, request: Request, fault: Fault): void {
    const { drops, statelessTag, respond } = this.#parts;
    drops.invalid += 1;
    if (request.method === 'ACK') return;
    const reason = `${fault.header ?? 'Request'}: expected ${fault.expected}`;
    const toTag = statelessTag.of(request);
    respond(
      arrival,
      responseTo(request, fault.status, {
        toTag,
        ...(fault.status === 400 && { reason: printable(reason) }),
      }),
    );
  }
}

/** A reason phrase is read by people; what it quotes may hold anything. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
