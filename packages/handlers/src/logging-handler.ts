import type { Logger, SIPXError } from '@sipx/contracts';
import type { Request, Response, SIPMessage } from '@sipx/message';
import type { EventContext } from './event-context.ts';
import { EventHandler } from './event-handler.ts';
import { redact } from './redact.ts';

export interface LoggingHandlerOptions {
  readonly logger: Logger;
  /** The level of the lines about messages. Errors are warnings. `info`. */
  readonly level?: 'debug' | 'info';
}

/**
 * One line for each message and error that passes, with its facts beside it. Neither bodies nor authentication
 * headers are among them, and passwords in URIs are covered. Added last, it logs a request as it goes out.
 */
export class LoggingHandler extends EventHandler {
  readonly #logger: Logger;
  readonly #level: 'debug' | 'info';

  constructor({ logger, level = 'info' }: LoggingHandlerOptions) {
    super();
    this.#logger = logger;
    this.#level = level;
  }

  override onRequest(request: Request, context: EventContext): void {
    const uri = uriOf(request);
    const facts = { ...factsOf(request, context), uri };
    const arrow = context.direction === 'out' ? '→' : '←';
    this.#logger[this.#level](facts, `${arrow} ${request.method} ${uri}`);
  }

  override onResponse(response: Response, context: EventContext): void {
    const { status, reason } = response;
    const { method } = context.request;
    const facts = { ...factsOf(response, context), status };
    const arrow = context.direction === 'out' ? '←' : '→';
    this.#logger[this.#level](facts, `${arrow} ${`${status} ${reason}`.trim()} (${method})`);
  }

  override onError(error: SIPXError, context: EventContext): void {
    const { method } = context.request;
    const facts = { ...factsOf(context.request, context), code: error.code };
    this.#logger.warn(facts, `✗ ${method} ${error.code}: ${redact(error.message)}`);
  }
}

/** Raw text, so that a malformed header is a fact and no error. */
const factsOf = ({ headers }: SIPMessage, context: EventContext): object => ({
  direction: context.direction,
  method: context.request.method,
  callId: headers.raw('Call-ID'),
  cseq: headers.raw('CSeq'),
  ...(context.attempt > 1 && { attempt: context.attempt }),
});

const uriOf = (request: Request): string => {
  try {
    return redact(request.uri.toString());
  } catch {
    return '(malformed URI)';
  }
};
