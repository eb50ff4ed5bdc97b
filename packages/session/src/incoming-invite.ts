import type { SIPXError, Timer } from '@sipx/contracts';
import { NetworkError, SIPXError as AnyError, UsageError } from '@sipx/contracts';
import type { IncomingAck, IncomingRequest } from '@sipx/endpoint';
import { dialogFromRequest } from '@sipx/fsm/dialog';
import type { HeadersInit, Response, ResponseToOptions } from '@sipx/message';
import { AcceptedInvite } from './accepted-invite.ts';
import type { AgentSettings } from './agent-settings.ts';
import { CallDialog, type DialogOwner } from './call-dialog.ts';
import type { OfferAnswer } from './call-media.ts';

/** What an incoming INVITE tells its call. */
export interface IncomingProgress extends DialogOwner {
  /** A response with this side's tag went out and made `dialog`. */
  dialog(dialog: CallDialog): void;
  answered(response: Response): void;
  up(): void;
  /** Cancelled by the caller, given up here, or without an ACK. */
  failed(error: SIPXError): void;
}

/** The INVITE core of the called side (RFC 3261 13.3): rings, answers until the ACK comes, or refuses. */
export class IncomingInvite {
  readonly #agent: AgentSettings;
  readonly #incoming: IncomingRequest;
  readonly #progress: IncomingProgress;
  readonly #ringing: Timer;
  #dialog: CallDialog | undefined;
  #accepted: AcceptedInvite | undefined;
  #media: OfferAnswer | undefined;
  /** What the caller is told: `accepting` while the media session makes its answer. */
  #verdict: 'none' | 'accepting' | 'given' = 'none';

  constructor(agent: AgentSettings, incoming: IncomingRequest, progress: IncomingProgress) {
    this.#agent = agent;
    this.#incoming = incoming;
    this.#progress = progress;
    const { clock } = agent.endpoint;
    this.#ringing = clock.start(agent.ringTimeout, () => this.#giveUp());
    incoming.signal.addEventListener('abort', () => this.#cancelled(), { once: true });
  }

  async ring(headers?: HeadersInit): Promise<void> {
    const response = await this.#reply(180, headers && { headers });
    if (this.#isGiven) return;
    this.#early(response);
    await this.#incoming.respond(response);
  }

  /**
   * Sends the 2xx and repeats it until the ACK; nothing when the call was given up meanwhile. Rejects when the
   * offer cannot be answered: the call got a 488.
   */
  async accept(media: OfferAnswer, headers?: HeadersInit): Promise<void> {
    this.expectOpen();
    this.#verdict = 'accepting';
    this.#media = media;
    const body = await this.#answer(media);
    const response = await this.#reply(200, { ...(headers && { headers }), ...(body && { body }) });
    if (body) response.headers.set('Content-Type', 'application/sdp');
    // Cancelled, hung up or rung for too long while the media session was at work.
    if (this.#verdict !== 'accepting') return;
    this.#verdict = 'given';
    this.#ringing.cancel();
    this.#early(response);
    this.#dialog?.confirm(response);
    const { clock, timers } = this.#agent.endpoint;
    // Armed before the response goes out: an ACK may come at once.
    this.#accepted = new AcceptedInvite(clock, timers, {
      repeat: () => this.#incoming.repeat(),
      giveUp: () => this.#progress.failed(noAck()),
    });
    this.#progress.answered(response);
    await this.#incoming.respond(response);
  }

  async reject(status: number, options?: ResponseToOptions): Promise<void> {
    this.expectOpen();
    await this.refuse(status, options);
  }

  /** As `reject`, at any time: nothing when the caller has its answer already. */
  async refuse(status: number, options?: ResponseToOptions): Promise<void> {
    if (this.#isGiven) return;
    this.#verdict = 'given';
    this.#ringing.cancel();
    await this.#incoming.respond(this.#incoming.reply(status, options));
  }

  /** @throws UsageError SIPX_USAGE_STATE once accept() or reject() was called, or the call was given up */
  expectOpen(): void {
    if (this.#verdict === 'none' && !this.#isGiven) return;
    throw new UsageError('SIPX_USAGE_STATE', 'the call was answered already', {
      expected: 'one of accept() and reject(), once',
      got: 'a second one',
    });
  }

  /** The ACK of the 2xx, with the answer where the 2xx made the offer. */
  async acknowledged(ack: IncomingAck): Promise<void> {
    if (!this.#accepted) return;
    this.#accepted.settle();
    this.#accepted = undefined;
    try {
      if (this.#incoming.request.content.length === 0) await this.#media?.accept(ack.request);
      this.#progress.up();
    } catch (error) {
      this.#progress.failed(asError(error));
    }
  }

  /** Nobody waits for the ACK any more. */
  release(): void {
    this.#ringing.cancel();
    this.#accepted?.settle();
    this.#accepted = undefined;
  }

  async #answer(media: OfferAnswer): Promise<string | Uint8Array | undefined> {
    const { request } = this.#incoming;
    try {
      return await (request.content.length > 0 ? media.answer(request) : media.offer());
    } catch (error) {
      await this.refuse(488);
      this.#progress.failed(asError(error));
      throw error;
    }
  }

  async #reply(status: number, options: ResponseToOptions = {}): Promise<Response> {
    const response = this.#incoming.reply(status, options);
    const { contact, product } = this.#agent;
    response.headers.set('Contact', contact(await this.#incoming.local()));
    if (product) response.headers.set('Server', product);
    return response;
  }

  #early(response: Response): void {
    if (this.#dialog) return;
    const dialog = dialogFromRequest(this.#incoming.request, response);
    this.#dialog = new CallDialog(this.#agent, {}, dialog, this.#progress);
    this.#progress.dialog(this.#dialog);
  }

  /** A failed owner had its 500 sent past us. */
  get #isGiven(): boolean {
    return this.#verdict === 'given' || (this.#incoming.status ?? 0) >= 200;
  }

  /** Too late once there is an answer, even one that handlers still hold (RFC 3261 9.2). */
  #cancelled(): void {
    if (this.#isGiven) return;
    this.release();
    void this.refuse(487);
    this.#progress.failed(new NetworkError('SIPX_CALL_CANCELLED', 'the caller gave up'));
  }

  #giveUp(): void {
    void this.refuse(480);
    this.#progress.failed(
      new NetworkError('SIPX_CALL_TIMEOUT', 'the call was not answered in time'),
    );
  }
}

const noAck = (): SIPXError =>
  new NetworkError('SIPX_CALL_TIMEOUT', 'the caller never acknowledged the answer', {
    expected: 'an ACK within 64·T1 (RFC 3261 13.3.1.4)',
    got: 'none',
  });

const asError = (error: unknown): SIPXError =>
  error instanceof AnyError
    ? error
    : new UsageError('SIPX_MEDIA', 'the media session failed', { cause: error });
