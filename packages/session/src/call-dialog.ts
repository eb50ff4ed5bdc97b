import type { ExchangeOptions, IncomingAck, IncomingRequest, Transmission } from '@sipx/endpoint';
import type { Dialog, DialogId, DialogRequestOptions } from '@sipx/fsm';
import {
  ackForSuccess,
  confirmed,
  dialogRequest,
  receiveInDialog,
  strictRouter,
  terminated,
} from '@sipx/fsm/dialog';
import type { Request, Response } from '@sipx/message';
import type { AgentSettings, RequestSettings } from './agent-settings.ts';
import type { DialogUser } from './dialog-registry.ts';

/** Whom a call's dialogs belong to; a forked INVITE makes several. */
export interface DialogOwner {
  receive(incoming: IncomingRequest, dialog: CallDialog): void | Promise<void>;
  acknowledge(ack: IncomingAck): void;
}

/** One dialog of a call: its current value, what is sent in it, and what may come in. */
export class CallDialog implements DialogUser {
  readonly #agent: AgentSettings;
  readonly #settings: RequestSettings;
  readonly #owner: DialogOwner;
  #dialog: Dialog;

  constructor(agent: AgentSettings, settings: RequestSettings, dialog: Dialog, owner: DialogOwner) {
    this.#agent = agent;
    this.#settings = settings;
    this.#owner = owner;
    this.#dialog = dialog;
    agent.endpoint.stateManager.addDialog(dialog);
    agent.dialogs.add(dialog.id, this);
  }

  get id(): DialogId {
    return this.#dialog.id;
  }

  get current(): Dialog {
    return this.#dialog;
  }

  receive(incoming: IncomingRequest): void | Promise<void> {
    return this.#owner.receive(incoming, this);
  }

  acknowledge(ack: IncomingAck): void {
    this.#owner.acknowledge(ack);
  }

  /** The 2xx that makes an early dialog a confirmed one (RFC 3261 13.2.2.4). */
  confirm(response: Response): void {
    this.#update(confirmed(this.#dialog, response));
  }

  /** Sends a request in the dialog and resolves with its final response; 481 and 408 end the dialog's use (5057). */
  request(method: string, parts: DialogRequestOptions = {}): Promise<Response> {
    const { dialog, request } = dialogRequest(this.#dialog, method, parts);
    this.#update(dialog);
    return this.#agent.endpoint.request(request, this.#options());
  }

  /** The ACK for a 2xx, with the credentials of the INVITE that it answers (RFC 3261 22.1). */
  sendAck(invite: Request, body?: string | Uint8Array): Promise<Transmission> {
    const ack = ackForSuccess(this.#dialog, invite, body === undefined ? {} : { body });
    if (body !== undefined) ack.headers.set('Content-Type', 'application/sdp');
    return this.#agent.endpoint.transmit(ack, this.#options());
  }

  /** The status that refuses a request out of order (RFC 3261 12.2.2); undefined when it is in order. */
  refusal(request: Request): number | undefined {
    const outcome = receiveInDialog(this.#dialog, request);
    if ('status' in outcome) return outcome.status;
    this.#update(outcome.dialog);
    return undefined;
  }

  /** Idempotent. */
  end(): void {
    if (this.#dialog.state === 'terminated') return;
    this.#update(terminated(this.#dialog));
    this.#agent.dialogs.remove(this.id);
  }

  #options(): ExchangeOptions {
    const { chain, product } = this.#agent;
    return {
      chain,
      ...this.#settings,
      router: strictRouter(this.#dialog),
      prepare: (request) => {
        if (product) request.headers.set('User-Agent', product);
      },
      cseq: () => {
        const localCSeq = this.#dialog.localCSeq + 1;
        this.#update({ ...this.#dialog, localCSeq });
        return localCSeq;
      },
    };
  }

  /** A BYE that is challenged may outlive its dialog. */
  #update(dialog: Dialog): void {
    const isOver = this.#dialog.state === 'terminated';
    this.#dialog = dialog;
    if (!isOver) this.#agent.endpoint.stateManager.updateDialog(dialog);
  }
}
