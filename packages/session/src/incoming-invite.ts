import type { SIPXError, Timer } from '@sipx/contracts';
import { NetworkError, SIPXError as AnyError, UsageError } from '@sipx/contracts';
import type { IncomingAck, IncomingRequest } from '@sipx/endpoint';
import { dialogFromRequest } from '@sipx/fsm/dialog';
import type { HeadersInit, Response, ResponseToOptions } from '@sipx/message';
import { AcceptedInvite } from './accepted-invite.ts';
import type { AgentSettings, RequestSettings } from './agent-settings.ts';
import { CallDialog, type DialogOwner } from './call-dialog.ts';
import type { OfferAnswer } from './call-media.ts';

/** What an incoming INVITE tells its call. */
export interface IncomingProgress {
  readonly owner: DialogOwner;
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
    incoming.onAbort(() => this.#cancelled());
  }

  async ring(headers?: HeadersInit): Promise<void> {
    const response = await this.#reply(180, headers);
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
    const response = await this.#reply(200, headers, body);
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
    throw answeredAlready();
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

  async #reply(
    status: number,
    headers?: HeadersInit,
    body?: string | Uint8Array,
  ): Promise<Response> {
    const { contact, product } = this.#agent;
    const own: [name: string, value: string][] = [
      ['Contact', contact(await this.#incoming.local())],
    ];
    if (product) own.push(['Server', product]);
    if (body) own.push(['Content-Type', 'application/sdp']);
    const response = this.#incoming.reply(status, {
      headers: headers ?? own,
      ...(body && { body }),
    });
    // What the stack knows better than its caller.
    if (headers) for (const [name, value] of own) response.headers.set(name, value);
    return response;
  }

  #early(response: Response): void {
    if (this.#dialog) return;
    if (response.provisional && !this.#agent.endpoint.stateManager.hasRoomForDialog) return;
    const dialog = dialogFromRequest(this.#incoming.request, response);
    this.#dialog = new CallDialog(this.#agent, NO_SETTINGS, dialog, this.#progress.owner);
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

const NO_SETTINGS: RequestSettings = Object.freeze({});

export const answeredAlready = (): UsageError =>
  new UsageError('SIPX_USAGE_STATE', 'the call was answered already', {
    expected: 'one of accept() and reject(), once',
    got: 'a second one',
  });

const noAck = (): SIPXError =>
  new NetworkError('SIPX_CALL_TIMEOUT', 'the caller never acknowledged the answer', {
    expected: 'an ACK within 64·T1 (RFC 3261 13.3.1.4)',
    got: 'none',
  });

const asError = (error: unknown): SIPXError =>
  error instanceof AnyError
    ? error
    : new UsageError('SIPX_MEDIA', 'the media session failed', { cause: error });
