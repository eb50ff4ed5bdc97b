import { ProtocolError } from '@sipx/contracts';
import type { Response } from '@sipx/message';

/** The other side refused; `response` says how. Code SIPX_CALL_REJECTED. */
export class CallRejectedError extends ProtocolError {
  readonly response: Response;

  constructor(response: Response) {
    super('SIPX_CALL_REJECTED', `the call was refused: ${response.status} ${response.reason}`, {
      expected: 'a 2xx',
      got: String(response.status),
    });
    this.response = response;
  }
}

/** The call ended before it was up, without a refusal. */
export class CallEndedError extends ProtocolError {}
