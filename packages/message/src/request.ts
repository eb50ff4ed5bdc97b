import { ProtocolError, UsageError } from '@sipx/contracts';
import { checkToken, shown } from './grammar.ts';
import { Head } from './head.ts';
import { refuse } from './leniencies.ts';
import { Headers, type HeadersInit } from './headers.ts';
import { bodyBytes, type Method, type Parsed, SIPMessage } from './sip-message.ts';
import { parseURI, type URI } from './uri.ts';

export interface RequestOptions {
  readonly method: Method;
  readonly uri: string | URI;
  readonly headers?: HeadersInit;
  /** Text is written as UTF-8. */
  readonly body?: string | Uint8Array;
}

/** RFC 3261 7.1. */
export class Request extends SIPMessage {
  readonly method: Method;
  /** The text, or the whole message, until somebody asks for the URI. */
  private wanted: string | URI | Head;

  /** @throws UsageError SIPX_USAGE_HEADER, SIPX_PARSE_URI */
  constructor(options: RequestOptions, parsed?: Parsed) {
    super(options.headers, options.body, parsed);
    const { method, uri } = options;
    this.method = parsed ? method : checkToken('the method', method);
    this.wanted = parsed?.head ?? (parsed || typeof uri !== 'string' ? uri : givenURI(uri));
  }

  get type(): 'request' {
    return 'request';
  }

  /** Read on first use. @throws ProtocolError SIPX_PARSE_URI when a peer's is malformed */
  get uri(): URI {
    const { target } = this;
    if (typeof target !== 'string') return target;
    const uri = parseURI(target);
    const { leniencies } = this.headers.head ?? {};
    if (leniencies) refuse(uri, 'Request-URI', leniencies);
    this.wanted = uri;
    return uri;
  }

  /** As it is written. @internal */
  get target(): string | URI {
    if (this.wanted instanceof Head) this.wanted = this.wanted.uri();
    return this.wanted;
  }

  /** A changed copy with its own `headers`; what is not given is shared. @throws as the constructor */
  with(changes: Partial<RequestOptions>): Request {
    const method =
      changes.method === undefined ? this.method : checkToken('the method', changes.method);
    const uri =
      typeof changes.uri === 'string' ? givenURI(changes.uri) : (changes.uri ?? this.target);
    return new Request(
      { method, uri },
      {
        version: this.version,
        headers: new Headers(changes.headers ?? this.headers),
        body: changes.body === undefined ? this.content : bodyBytes(changes.body),
      },
    );
  }
}

const givenURI = (text: string): URI => {
  try {
    return parseURI(text);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new UsageError('SIPX_PARSE_URI', 'malformed Request-URI', {
      expected: 'scheme:…, such as sip:user@host',
      got: shown(text),
      cause,
    });
  }
};
