import { ProtocolError, UsageError } from '@sipx/contracts';
import { checkText } from './grammar.ts';
import { Headers, type HeadersInit } from './headers.ts';
import { bodyBytes, type Parsed, SIPMessage } from './sip-message.ts';
import type { Request } from './request.ts';
import { reasonPhrase } from './status.ts';

export interface ResponseOptions {
  /** 100 to 699. */
  readonly status: number;
  /** The usual words for the status when not given; '' is none. */
  readonly reason?: string;
  readonly headers?: HeadersInit;
  /** Text is written as UTF-8. */
  readonly body?: string | Uint8Array;
}

/** RFC 3261 7.2. */
export class Response extends SIPMessage {
  readonly status: number;
  readonly reason: string;
  /** The request that it answers; the endpoint sets it on final responses. */
  request?: Request;
  /** Provisional responses and challenged tries before this one, oldest first; set on final responses. */
  history: readonly Response[] = NO_HISTORY;

  /** @throws UsageError SIPX_USAGE, SIPX_USAGE_HEADER */
  constructor(options: ResponseOptions, parsed?: Parsed) {
    super(options.headers, options.body, parsed);
    const { status, reason } = options;
    this.status = parsed ? status : checkStatus(status);
    this.reason = parsed
      ? (reason ?? '')
      : checkText('the reason phrase', reason ?? reasonPhrase(status));
  }

  get type(): 'response' {
    return 'response';
  }

  /** 2xx. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** 1xx. */
  get provisional(): boolean {
    return this.status < 200;
  }

  /** Itself when it is a 2xx. @throws ProtocolError SIPX_REQUEST_REJECTED (a RequestRejectedError) when not */
  orThrow(): this {
    if (this.ok) return this;
    throw new RequestRejectedError(this);
  }

  /** A changed copy with its own `headers`; what is not given is shared. @throws as the constructor */
  with(changes: Partial<ResponseOptions>): Response {
    const { status = this.status } = changes;
    const usual = status === this.status ? this.reason : reasonPhrase(status);
    const response = new Response(
      {
        status: changes.status === undefined ? status : checkStatus(status),
        // What a peer said is not the caller's doing.
        reason:
          changes.reason === undefined ? usual : checkText('the reason phrase', changes.reason),
      },
      {
        version: this.version,
        headers: new Headers(changes.headers ?? this.headers),
        body: changes.body === undefined ? this.content : bodyBytes(changes.body),
      },
    );
    if (this.request) response.request = this.request;
    response.history = this.history;
    return response;
  }
}

/** What `orThrow` throws. */
export class RequestRejectedError extends ProtocolError {
  /** Hidden from loggers, which print what they can see: a response may hold what is private. */
  readonly #response: Response;

  constructor(response: Response) {
    super('SIPX_REQUEST_REJECTED', `${response.status} ${response.reason}`.trim());
    this.#response = response;
  }

  get response(): Response {
    return this.#response;
  }
}

const NO_HISTORY: readonly Response[] = Object.freeze([]);

/** @throws UsageError SIPX_USAGE */
export const checkStatus = (status: number): number => {
  if (Number.isInteger(status) && status >= 100 && status <= 699) return status;
  throw new UsageError('SIPX_USAGE', 'no status code', {
    expected: 'an integer from 100 to 699',
    got: String(status),
  });
};
