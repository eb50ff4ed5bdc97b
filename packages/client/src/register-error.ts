import { ProtocolError } from '@sipx/contracts';
import type { Response } from '@sipx/message';

/** The registrar refused; `response` says how. Code SIPX_REGISTER_REJECTED. */
export class RegisterRejectedError extends ProtocolError {
  readonly response: Response;

  constructor(response: Response) {
    super('SIPX_REGISTER_REJECTED', `not registered: ${response.status} ${response.reason}`, {
      expected: 'a 2xx',
      got: String(response.status),
    });
    this.response = response;
  }
}
