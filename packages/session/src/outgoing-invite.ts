import type { SIPXError, Timer } from '@sipx/contracts';
import { NetworkError, ProtocolError } from '@sipx/contracts';
import type { Exchange, Transmission } from '@sipx/endpoint';
import { dialogFromResponse } from '@sipx/fsm/dialog';
import type { Request, Response } from '@sipx/message';
import type { AgentSettings, RequestSettings } from './agent-settings.ts';
import { CallDialog, type DialogOwner } from './call-dialog.ts';
import { CallEndedError } from './call-error.ts';
import type { OfferAnswer } from './call-media.ts';
import { hasSdp } from './call-media.ts';

/** What an outgoing INVITE tells its call. */
export interface OutgoingProgress {
  readonly owner: DialogOwner;
  ringing(response: Response): void;
  earlyMedia(response: Response): void;
  /** A 2xx made `dialog`; its ACK is on the way when `up` is told. */
  answered(dialog: CallDialog, response: Response): void;
  up(): void;
  refused(response: Response): void;
  failed(error: SIPXError): void;
}

/**
 * The INVITE core of the calling side (RFC 3261 13.2): a dialog for each To tag, an ACK for each 2xx as often as
 * it comes, BYE for those that a fork brings beside the first.
 */
export class OutgoingInvite {
  readonly #agent: AgentSettings;
  readonly #settings: RequestSettings;
  readonly #media: OfferAnswer;
  readonly #progress: OutgoingProgress;
  readonly #dialogs = new Map<string, CallDialog>();
  readonly #acks = new Map<string, Promise<Transmission | undefined>>();
  /** The dialog that the call is up in. */
  #kept: CallDialog | undefined;
  #exchange: Exchange | undefined;
  #ringing: Timer | undefined;
  /** Until when other branches of a fork may answer. */
  #forks: Timer | undefined;
  #cancelled: SIPXError | undefined;

  constructor(
    agent: AgentSettings,
    settings: RequestSettings,
    media: OfferAnswer,
    progress: OutgoingProgress,
  ) {
    this.#agent = agent;
    this.#settings = settings;
    this.#media = media;
    this.#progress = progress;
  }

  start(invite: Request): void {
    if (this.#cancelled) {
      this.#progress.failed(this.#cancelled);
      return;
    }
    const { endpoint, chain, contact, ringTimeout } = this.#agent;
    let sequence = invite.cseq.sequence;
    this.#ringing = endpoint.clock.start(ringTimeout, () =>
      this.cancel(
        new NetworkError('SIPX_CALL_TIMEOUT', 'nobody answered', {
          expected: `a final response within ${ringTimeout} ms`,
          got: 'none',
        }),
      ),
    );
    this.#exchange = endpoint.exchange(
      invite,
      {
        chain,
        cseq: () => ++sequence,
        prepare: (request, local) => request.headers.set('Contact', contact(local)),
        ...this.#settings,
      },
      {
        provisional: (response) => this.#provisional(response),
        final: (response) => this.#final(response),
        further: (response) => this.#success(response),
        failed: (error) => this.#failed(error),
      },
    );
  }

  /** Gives the call up before its answer; `why` is what its user hears, whatever crosses on the wire. */
  cancel(why: SIPXError): void {
    this.#cancelled ??= why;
    this.#exchange?.cancel();
  }

  /** Other branches were early when one answered: they end with the call, or by themselves (see `#awaitForks`). */
  get isForked(): boolean {
    return this.#forks !== undefined;
  }

  /** Ends every dialog that is not the answered one. */
  release(kept?: CallDialog): void {
    this.#forks?.cancel();
    for (const dialog of this.#dialogs.values()) if (dialog !== kept) dialog.end();
  }

  #provisional(response: Response): void {
    if (response.status === 100) return;
    if (response.to.tag) this.#early(response);
    if (response.status === 180) this.#progress.ringing(response);
    if (hasSdp(response)) this.#progress.earlyMedia(response);
  }

  #early(response: Response): void {
    const tag = response.to.tag ?? '';
    const { request } = response;
    if (!request || this.#dialogs.has(tag)) return;
    // A branch can do without one before its 2xx.
    if (!this.#agent.endpoint.stateManager.hasRoomForDialog) return;
    const dialog = dialogFromResponse(request, response);
    this.#dialogs.set(
      tag,
      new CallDialog(this.#agent, this.#settings, dialog, this.#progress.owner),
    );
  }

  #final(response: Response): void {
    this.#ringing?.cancel();
    if (response.ok) {
      this.#success(response);
      return;
    }
    this.release();
    if (this.#cancelled) this.#progress.failed(this.#cancelled);
    else this.#progress.refused(response);
  }

  #failed(error: SIPXError): void {
    this.#ringing?.cancel();
    this.release();
    this.#progress.failed(this.#cancelled ?? error);
  }

  #success(response: Response): void {
    const tag = response.to.tag ?? '';
    const known = this.#acks.get(tag);
    if (known) {
      // The ACK was lost, or was late (RFC 3261 13.2.2.4).
      void known.then((ack) => ack?.repeat());
      return;
    }
    const wanted = this.#acks.size === 0 && !this.#cancelled && !this.#hasHungUp(tag);
    this.#acks.set(tag, this.#acknowledge(response, wanted));
  }

  /** The called side waited in vain for the ACK, and its BYE overtook its last 2xx. */
  #hasHungUp(tag: string): boolean {
    return this.#dialogs.get(tag)?.current.state === 'terminated';
  }

  /** Resolves with the ACK, once it is out: a repeated 2xx does not wait for the media session. */
  async #acknowledge(response: Response, wanted: boolean): Promise<Transmission | undefined> {
    const { request } = response;
    if (!request) return undefined;
    try {
      const dialog = this.#confirmed(request, response);
      if (!wanted) return await this.#decline(dialog, request);
      this.#kept = dialog;
      this.#awaitForks(dialog);
      this.#progress.answered(dialog, response);
      const isOffered = request.content.length > 0;
      const answer =
        !isOffered && hasSdp(response) ? await this.#media.answer(response) : undefined;
      const ack = await dialog.sendAck(request, answer);
      void this.#establish(isOffered, response);
      return ack;
    } catch (error) {
      // A further branch of a fork that cannot be reached does not cost the call.
      if (wanted) this.#progress.failed(asError(error));
      return undefined;
    }
  }

  /** A branch of a fork that has not answered 64·T1 after the first 2xx never will (RFC 3261 13.2.2.4). */
  #awaitForks(answered: CallDialog): void {
    if (this.#dialogs.size < 2) return;
    const { clock, timers } = this.#agent.endpoint;
    this.#forks = clock.start(64 * timers.t1, () => this.release(answered));
  }

  #confirmed(request: Request, response: Response): CallDialog {
    const tag = response.to.tag ?? '';
    const early = this.#dialogs.get(tag);
    if (early && early.current.state === 'early') {
      early.confirm(response);
      return early;
    }
    const dialog = dialogFromResponse(request, response);
    const made = new CallDialog(this.#agent, this.#settings, dialog, this.#progress.owner);
    this.#dialogs.set(tag, made);
    return made;
  }

  /** The call is up once the answer is taken; one that cannot be taken was acknowledged all the same. */
  async #establish(isOffered: boolean, response: Response): Promise<void> {
    try {
      if (isOffered && !(await this.#media.accept(response))) {
        throw new ProtocolError('SIPX_MEDIA', 'the 2xx has no answer to our offer', {
          expected: 'an SDP answer (RFC 3261 13.2.1)',
          got: 'none',
        });
      }
      this.#progress.up();
    } catch (error) {
      this.#progress.failed(asError(error));
    }
  }

  /** A 2xx that crossed our CANCEL, or a further branch of a fork: acknowledged, then hung up. */
  async #decline(dialog: CallDialog, request: Request): Promise<Transmission> {
    const ack = await dialog.sendAck(request);
    dialog.request('BYE').then(
      () => dialog.end(),
      () => dialog.end(),
    );
    if (!this.#kept) this.#progress.failed(this.#cancelled ?? hungUp());
    return ack;
  }
}

const hungUp = (): SIPXError =>
  new CallEndedError('SIPX_CALL_ENDED', 'the called side hung up before its answer came');

const asError = (error: unknown): SIPXError =>
  error instanceof ProtocolError || error instanceof NetworkError
    ? error
    : new ProtocolError('SIPX_MEDIA', 'the answer could not be taken', { cause: error });
