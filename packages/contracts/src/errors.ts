/**
 * Every code that SIPX throws, rejects with or counts. A code never changes its meaning; messages may.
 *
 * `PARSE`: bytes that cannot be represented. `LIMIT`: an untrusted size over its bound. `USAGE`: a call that
 * the caller should not have made. The rest carry the name of the part that failed.
 */
export type ErrorCode =
  | 'SIPX_PARSE_START_LINE'
  | 'SIPX_PARSE_HEADER'
  | 'SIPX_PARSE_URI'
  | 'SIPX_PARSE_BODY'
  | 'SIPX_PARSE_ADDRESS'
  | 'SIPX_PARSE_CHALLENGE'
  | 'SIPX_MESSAGE_INVALID'
  | 'SIPX_FRAMING'
  | 'SIPX_LIMIT_HEAD'
  | 'SIPX_LIMIT_HEADERS'
  | 'SIPX_LIMIT_BODY'
  | 'SIPX_LIMIT_URI'
  | 'SIPX_LIMIT_DATAGRAM'
  | 'SIPX_LIMIT_BACKLOG'
  | 'SIPX_LIMIT_CONNECTIONS'
  | 'SIPX_LIMIT_TRANSACTIONS'
  | 'SIPX_LIMIT_DIALOGS'
  | 'SIPX_LIMIT_ATTEMPTS'
  | 'SIPX_USAGE'
  | 'SIPX_USAGE_HEADER'
  | 'SIPX_USAGE_STATE'
  | 'SIPX_TRANSPORT_MISSING'
  | 'SIPX_TRANSPORT_BIND'
  | 'SIPX_TRANSPORT_CONNECT'
  | 'SIPX_TRANSPORT_SEND'
  | 'SIPX_TRANSPORT_CLOSED'
  | 'SIPX_TRANSPORT_TIMEOUT'
  | 'SIPX_RESOLVE'
  | 'SIPX_TRANSACTION_TIMEOUT'
  | 'SIPX_TRANSACTION_EXISTS'
  | 'SIPX_DIALOG_UNKNOWN'
  | 'SIPX_AUTH_UNSUPPORTED'
  | 'SIPX_AUTH_FAILED'
  | 'SIPX_HANDLER_FAILED'
  | 'SIPX_REQUEST_REJECTED'
  | 'SIPX_REGISTER_REJECTED'
  | 'SIPX_CALL_REJECTED'
  | 'SIPX_CALL_CANCELLED'
  | 'SIPX_CALL_TIMEOUT'
  | 'SIPX_CALL_ENDED'
  | 'SIPX_MEDIA'
  | 'SIPX_MEDIA_INCOMPATIBLE'
  | 'SIPX_WAV'
  | 'SIPX_ABORTED'
  | 'SIPX_CLOSED';

export interface ErrorDetails {
  /** What was expected, in a few words. */
  readonly expected?: string;
  /** What came instead; never a secret. */
  readonly got?: string;
  /** Where in the octets that were read. */
  readonly offset?: number;
  readonly cause?: unknown;
}

/** Found again by a second copy of this package, where `instanceof` by identity would fail. */
const brand = (name: string): symbol => Symbol.for(`@sipx/contracts/${name}`);

const sipxError = brand('SIPXError');
const protocolError = brand('ProtocolError');
const usageError = brand('UsageError');
const networkError = brand('NetworkError');

/** The base of every error of SIPX. Branch on `code`; the message is for people. */
export class SIPXError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, SIPXError, sipxError, value);
  }

  readonly code: ErrorCode;
  readonly expected: string | undefined;
  readonly got: string | undefined;
  readonly offset: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const { expected, got, offset, cause } = details;
    const facts = [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean);
    const told = facts.length > 0 ? `${message} (${facts.join(', ')})` : message;
    super(told, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.expected = expected;
    this.got = got;
    this.offset = offset;
    Object.defineProperty(this, sipxError, { value: true });
  }
}

/** The peer's fault: malformed, against the protocol, or a refusal. */
export class ProtocolError extends SIPXError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, ProtocolError, protocolError, value);
  }

  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super(code, message, details);
    Object.defineProperty(this, protocolError, { value: true });
  }
}

/** The caller's misuse: an argument, a state, a missing package. Fix the calling code. */
export class UsageError extends SIPXError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, UsageError, usageError, value);
  }

  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super(code, message, details);
    Object.defineProperty(this, usageError, { value: true });
  }
}

/** The network's fault: no route, a refused or broken connection, no answer in time. */
export class NetworkError extends SIPXError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, NetworkError, networkError, value);
  }

  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super(code, message, details);
    Object.defineProperty(this, networkError, { value: true });
  }
}

/** A class with a brand knows its instances by it; a subclass without one keeps JavaScript's own rule. */
const recognise = (asked: object, branded: object, mark: symbol, value: unknown): boolean =>
  asked === branded
    ? typeof value === 'object' && value !== null && mark in value
    : Function.prototype[Symbol.hasInstance].call(asked, value);
