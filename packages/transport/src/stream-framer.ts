import { type ErrorCode, ProtocolError, type SIPXError } from '@sipx/contracts';
import { ContentLength } from './content-length.ts';

/** Sizes in bytes. */
export interface FramerLimits {
  /** Start line and headers, with the empty line. 65,536. */
  readonly maxHead?: number;
  /** What a Content-Length may ask for. 65,535. */
  readonly maxBody?: number;
}

/** Where a framer's news goes. Each call comes from within `push`. */
export interface FramerSink {
  /** One complete message; the bytes are the receiver's to keep. */
  message(bytes: Uint8Array): void;
  /** A double CRLF between messages: a keep-alive that wants one CRLF back (RFC 5626 4.4.1). */
  ping?(): void;
  /**
   * True: a message has begun and is not complete, so time it, from now. False: none is any more. Told when a
   * `push` leaves another message half-received than the one before did.
   */
  partial?(isHalfReceived: boolean): void;
  /**
   * SIPX_FRAMING, SIPX_LIMIT_HEAD or SIPX_LIMIT_BODY. Where the next message begins cannot be known any more:
   * close the connection. The framer takes nothing after it.
   */
  failed(error: SIPXError): void;
}

const CR = 13;
const LF = 10;

/** Most heads fit in it, so that a message in many pieces is moved once. */
const SMALL = 1024;

/**
 * Cuts a stream into messages by their Content-Length (RFC 3261 18.3). Work is linear in the bytes, however
 * they are cut into chunks. It is stricter than a parser of datagrams, for what two readers of one stream
 * understand differently can be used to smuggle a request: lines end in CRLF, and Content-Length is one
 * number, once or always the same.
 */
export class StreamFramer {
  readonly #sink: FramerSink;
  readonly #maxHead: number;
  readonly #maxBody: number;
  readonly #length = new ContentLength();

  /** What has not been given away: from `#start` to `#end`. Grown in place only when it is our own. */
  #buffer: Uint8Array = new Uint8Array(0);
  #isOwn = false;
  #start = 0;
  #end = 0;
  /** Where to look next, and where the line that is being looked at begins. */
  #scan = 0;
  #line = 0;
  /** Where the message ends, once its head is complete. */
  #messageEnd: number | undefined;
  #emptyLines = 0;
  #messages = 0;
  /** Which message was half-received after the last push; 0: none. */
  #half = 0;
  #isStopped = false;

  constructor(sink: FramerSink, { maxHead = 65_536, maxBody = 65_535 }: FramerLimits = {}) {
    this.#sink = sink;
    this.#maxHead = maxHead;
    this.#maxBody = maxBody;
  }

  /** A message has begun and is not complete. */
  get partial(): boolean {
    return this.#half !== 0;
  }

  /** Bytes of memory that wait for the rest of a message. */
  get held(): number {
    return this.#buffer.length;
  }

  push(chunk: Uint8Array): void {
    if (this.#isStopped || chunk.length === 0) return;
    this.#append(chunk);
    while (!this.#isStopped && this.#next());
    if (this.#isStopped) return;
    if (this.#start === this.#end) this.#release();
    const half = this.#end > this.#start ? this.#messages + 1 : 0;
    if (half === this.#half) return;
    this.#half = half;
    this.#sink.partial?.(half !== 0);
  }

  /** Takes nothing more, not even the rest of the chunk at hand. */
  stop(): void {
    this.#isStopped = true;
    this.#half = 0;
    this.#release();
  }

  /** One message off the front; false when there is none (yet). */
  #next(): boolean {
    if (this.#messageEnd === undefined) {
      if (this.#scan === this.#start && !this.#skipEmptyLines()) return false;
      if (!this.#scanHead()) return false;
    }
    const end = this.#messageEnd;
    if (end === undefined || end > this.#end) return false;
    const message = this.#buffer.subarray(this.#start, end);
    this.#start = end;
    this.#scan = end;
    this.#messageEnd = undefined;
    this.#messages += 1;
    // Another message begins, so a buffer for it need not be larger than the last one was.
    this.#isOwn = false;
    this.#sink.message(message);
    return true;
  }

  /** CRLFs before a start line mean nothing (7.5) but, two in a row, a ping. False: nothing else is here. */
  #skipEmptyLines(): boolean {
    const buffer = this.#buffer;
    let at = this.#start;
    while (at < this.#end && buffer[at] === CR) {
      if (at + 1 === this.#end) break;
      if (buffer[at + 1] !== LF) {
        this.#fail('SIPX_FRAMING', 'a lone CR between messages');
        return false;
      }
      at += 2;
      this.#emptyLines += 1;
      this.#start = at;
      this.#scan = at;
      if (this.#emptyLines < 2) continue;
      this.#emptyLines = 0;
      this.#sink.ping?.();
      if (this.#isStopped) return false;
    }
    if (at === this.#end || buffer[at] === CR) return false;
    this.#emptyLines = 0;
    this.#line = at;
    this.#length.reset();
    return true;
  }

  /** True: the head is complete and its Content-Length good. */
  #scanHead(): boolean {
    // Read a million times a second, so held in locals.
    const buffer = this.#buffer;
    const start = this.#start;
    const end = Math.min(this.#end, start + this.#maxHead);
    let line = this.#line;
    for (let at = this.#scan; at < end; at += 1) {
      if (buffer[at] !== LF) continue;
      if (at === line || buffer[at - 1] !== CR) {
        this.#fail('SIPX_FRAMING', 'a line that does not end in CRLF');
        return false;
      }
      if (at - line === 1) return this.#endHead(at + 1);
      if (line !== start) this.#length.line(buffer, line, at - 1);
      line = at + 1;
    }
    this.#line = line;
    this.#scan = end;
    if (this.#end - start >= this.#maxHead) {
      this.#fail('SIPX_LIMIT_HEAD', 'no end of the headers', `at most ${this.#maxHead} bytes`);
    }
    return false;
  }

  #endHead(bodyStart: number): boolean {
    const length = this.#length.value(this.#maxBody);
    if (typeof length === 'number') {
      this.#messageEnd = bodyStart + length;
      return true;
    }
    const { code, got } = length;
    this.#fail(code, 'no usable Content-Length', `one number, 0 to ${this.#maxBody}`, got);
    return false;
  }

  #append(chunk: Uint8Array): void {
    const kept = this.#end - this.#start;
    if (kept === 0) {
      this.#borrow(chunk);
      return;
    }
    const needed = this.#end + chunk.length;
    if (!this.#isOwn || needed > this.#buffer.length) {
      const size = kept + chunk.length;
      // Doubling keeps the copying linear; a claimed length reserves nothing that has not come.
      const grown = new Uint8Array(this.#isOwn || size < SMALL ? Math.max(SMALL, 2 * size) : size);
      grown.set(this.#buffer.subarray(this.#start, this.#end));
      this.#rebase(grown, kept);
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #rebase(buffer: Uint8Array, kept: number): void {
    const by = this.#start;
    this.#buffer = buffer;
    this.#isOwn = true;
    this.#start = 0;
    this.#end = kept;
    this.#scan -= by;
    this.#line -= by;
    if (this.#messageEnd !== undefined) this.#messageEnd -= by;
  }

  #borrow(chunk: Uint8Array): void {
    this.#buffer = chunk;
    this.#isOwn = false;
    this.#start = 0;
    this.#end = chunk.length;
    this.#scan = 0;
  }

  /** An idle connection keeps no buffer alive. */
  #release(): void {
    this.#borrow(nothing);
  }

  #fail(code: ErrorCode, message: string, expected?: string, got?: string): void {
    this.stop();
    this.#sink.failed(
      new ProtocolError(code, message, { ...(expected && { expected }), ...(got && { got }) }),
    );
  }
}

const nothing = new Uint8Array(0);
