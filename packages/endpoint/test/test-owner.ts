import type { IncomingRequest, Owner } from '@sipx/endpoint';
import { type EventHandler, HandlerChain } from '@sipx/handlers';
import type { Request } from '@sipx/message';

export interface TestOwner extends Owner {
  readonly received: IncomingRequest[];
  readonly acks: Request[];
}

/** Keeps what it is given; `receive` answers. */
export const owner = (
  receive: (incoming: IncomingRequest) => void | Promise<void>,
  options: Partial<Owner> & { readonly handlers?: readonly EventHandler[] } = {},
): TestOwner => {
  const received: IncomingRequest[] = [];
  const acks: Request[] = [];
  return {
    chain: new HandlerChain(options.handlers),
    takesRest: true,
    claims: () => false,
    receive: (incoming) => {
      received.push(incoming);
      return receive(incoming);
    },
    acknowledge: ({ request }) => void acks.push(request),
    ...options,
    received,
    acks,
  };
};
