import type { ErrorCode, MediaSession, SIPXError } from '@sipx/contracts';
import { UsageError } from '@sipx/contracts';
import type { IncomingRequest } from '@sipx/endpoint';
import { keptOctets } from '@sipx/fsm/transaction';
import type { HeadersInit, NameAddr, Request, Response, ResponseToOptions } from '@sipx/message';
import { parseMessage, serialize } from '@sipx/message';
import { EventEmitter } from 'eventemitter3';
import type { AgentSettings, RequestSettings } from './agent-settings.ts';
import type { CallDialog, DialogOwner } from './call-dialog.ts';
import { CallEndedError, CallRejectedError } from './call-error.ts';
import { type CallMedia, OfferAnswer } from './call-media.ts';
import { CallState, isForward } from './call-state.ts';
import { Establishment } from './establishment.ts';
import { answerInDialog } from './in-dialog.ts';
import { answeredAlready, IncomingInvite } from './incoming-invite.ts';
import { OutgoingInvite } from './outgoing-invite.ts';

/** How a call ended, told once by the `ended` event. */
export interface CallEnd {
  readonly by: 'local' | 'remote';
  /** The status that refused it, where one did. */
  readonly status?: number;
  readonly reason: string;
  readonly code?: ErrorCode;
}

export interface CallEvents {
  /** The called side is alerting (180). */
  ringing: (response: Response) => void;
  /** A provisional response brought SDP. */
  earlyMedia: (response: Response) => void;
  /** A 2xx came, or went out. */
  answered: (response: Response) => void;
  /** The call is up on both sides. */
  confirmed: () => void;
  ended: (end: CallEnd) => void;
}

/** A call, made or received: the same object for who called and who was called. */
export class Call extends EventEmitter<CallEvents> {
  readonly direction: 'outgoing' | 'incoming';
  readonly #agent: AgentSettings;
  /** Once the call is up, as octets: calls are many, and few are asked for it. */
  #invite: Request | Uint8Array;
  #media: OfferAnswer;
  #outgoing: OutgoingInvite | undefined;
  #incoming: IncomingInvite | undefined;
  #dialog: CallDialog | undefined;
  #state: CallState = CallState.CALLING;
  #end: CallEnd | undefined;
  readonly #establishment: Establishment<Call> = new Establishment();

  private constructor(
    direction: 'outgoing' | 'incoming',
    agent: AgentSettings,
    invite: Request,
    media: CallMedia,
  ) {
    super();
    this.direction = direction;
    this.#invite = invite;
    this.#agent = agent;
    this.#media = new OfferAnswer(media);
  }

  /** @internal */
  static outgoing(
    agent: AgentSettings,
    invite: Request,
    media: CallMedia,
    settings: RequestSettings,
  ): Call {
    const call = new Call('outgoing', agent, invite, media);
    void call.#start(settings);
    return call;
  }

  /** @internal */
  static incoming(agent: AgentSettings, incoming: IncomingRequest): Call {
    const call = new Call('incoming', agent, incoming.request, {});
    call.#receive(incoming);
    return call;
  }

  get state(): CallState {
    return this.#state;
  }

  /** The INVITE: as its caller made it, or as it came in. */
  get invite(): Request {
    return this.#invite instanceof Uint8Array
      ? (parseMessage(this.#invite) as Request)
      : this.#invite;
  }

  get callId(): string {
    return this.#dialog?.id.callId ?? this.invite.callId;
  }

  /** The other side, as From or To names it. */
  get remote(): NameAddr {
    return this.direction === 'outgoing' ? this.invite.to : this.invite.from;
  }

  get media(): MediaSession | undefined {
    return this.#media.media;
  }

  /** How the call ended; undefined while it has not. */
  get end(): CallEnd | undefined {
    return this.#end;
  }

  /**
   * Resolves when the call is up. Rejects with SIPX_CALL_REJECTED (a `CallRejectedError`, which carries the
   * response), SIPX_CALL_CANCELLED, SIPX_CALL_TIMEOUT or the failure of the network.
   */
  answered(): Promise<Call> {
    return this.#establishment.promise();
  }

  /** Incoming: 180 Ringing. */
  async ring(options: { readonly headers?: HeadersInit } = {}): Promise<void> {
    const incoming = this.#expectIncoming();
    this.#advance(CallState.RINGING);
    await incoming.ring(options.headers);
  }

  /**
   * Incoming: answers with `media`, or with a body of one's own. Resolves when the answer is out.
   * Rejects with SIPX_MEDIA_INCOMPATIBLE when the offer cannot be met; the caller has then got a 488.
   */
  async accept(options: CallMedia & { readonly headers?: HeadersInit } = {}): Promise<void> {
    const incoming = this.#expectIncoming();
    incoming.expectOpen();
    this.#media = new OfferAnswer(options);
    await incoming.accept(this.#media, options.headers);
  }

  /** Incoming: refuses; 486 Busy Here when no status is given. */
  async reject(status = 486, options?: ResponseToOptions): Promise<void> {
    await this.#expectIncoming().reject(status, options);
    this.#finish({ by: 'local', status, reason: options?.reason ?? 'rejected' });
  }

  /** Outgoing: gives up before the answer. A 2xx that crosses is acknowledged and hung up. */
  cancel(): void {
    if (this.direction !== 'outgoing' || isUp(this.#state)) {
      throw new UsageError(
        'SIPX_USAGE_STATE',
        'only an unanswered outgoing call can be cancelled',
        {
          expected: 'bye() for a call that is up, reject() for an incoming one',
          got: `an ${this.direction} call that is ${this.#state}`,
        },
      );
    }
    this.#outgoing?.cancel(new CallEndedError('SIPX_CALL_CANCELLED', 'the call was cancelled'));
  }

  /** Hangs up, whatever the state: cancels, rejects, or sends BYE. Resolves when the other side knows. */
  async bye(): Promise<void> {
    if (this.#state === CallState.ENDED) return;
    if (!isUp(this.#state)) return this.#hangUpEarly();
    // The called side has to wait for the ACK (RFC 3261 15).
    if (this.#state === CallState.ANSWERED) await this.answered().catch(() => {});
    await this.#sayBye({ by: 'local', reason: 'bye' });
  }

  async #start(settings: RequestSettings): Promise<void> {
    const progress = this.#outgoingProgress();
    this.#outgoing = new OutgoingInvite(this.#agent, settings, this.#media, progress);
    try {
      const offer = await this.#media.offer();
      this.#outgoing.start(offer === undefined ? this.invite : withOffer(this.invite, offer));
    } catch (cause) {
      progress.failed(new UsageError('SIPX_MEDIA', 'no offer could be made', { cause }));
    }
  }

  #receive(incoming: IncomingRequest): void {
    this.#incoming = new IncomingInvite(this.#agent, incoming, {
      owner: this.#inDialog(),
      dialog: (dialog) => {
        this.#dialog = dialog;
      },
      answered: (response) => this.#answered(response),
      up: () => this.#confirm(),
      failed: (error) => this.#fail(error),
    });
  }

  #outgoingProgress(): ConstructorParameters<typeof OutgoingInvite>[3] {
    return {
      owner: this.#inDialog(),
      ringing: (response) => {
        if (this.#advance(CallState.RINGING)) this.emit('ringing', response);
      },
      earlyMedia: (response) => this.emit('earlyMedia', response),
      answered: (dialog, response) => {
        this.#dialog = dialog;
        this.#answered(response);
      },
      up: () => this.#confirm(),
      refused: (response) => {
        const { status, reason } = response;
        this.#establishment.failed(new CallRejectedError(response));
        this.#finish({ by: 'remote', status, reason, code: 'SIPX_CALL_REJECTED' });
      },
      failed: (error) => this.#fail(error),
    };
  }

  #inDialog(): DialogOwner {
    return {
      receive: (incoming, dialog) => answerInDialog(incoming, dialog, () => this.#bye(dialog)),
      acknowledge: (ack) => void this.#incoming?.acknowledged(ack),
    };
  }

  /** The peer hung up: the call, or what a fork made beside it. */
  #bye(dialog: CallDialog): void {
    if (dialog !== this.#dialog) return dialog.end();
    // One in an early dialog leaves the INVITE to be answered (RFC 3261 15.1.2).
    void this.#incoming?.refuse(487);
    this.#finish({ by: 'remote', reason: 'bye' });
  }

  #answered(response: Response): void {
    if (this.#advance(CallState.ANSWERED)) this.emit('answered', response);
  }

  #confirm(): void {
    if (!this.#advance(CallState.CONFIRMED)) return;
    // From here on the dialog is all that the call needs, unless other branches of a fork may answer.
    this.#incoming = undefined;
    if (!this.#outgoing?.isForked) this.#outgoing = undefined;
    this.#invite = keptOctets(serialize(this.invite));
    this.#establishment.up(this);
    this.emit('confirmed');
  }

  /** A call that came as far as a confirmed dialog is hung up; the other side may think that it is up. */
  #fail(error: SIPXError): void {
    this.#establishment.failed(error);
    const by =
      error.code === 'SIPX_CALL_CANCELLED' && this.direction === 'incoming' ? 'remote' : 'local';
    const end: CallEnd = { by, reason: error.message, code: error.code };
    if (isUp(this.#state)) void this.#sayBye(end);
    else this.#finish(end);
  }

  async #hangUpEarly(): Promise<void> {
    if (this.#incoming) {
      await this.#incoming.refuse(480);
      this.#finish({ by: 'local', status: 480, reason: 'rejected' });
      return;
    }
    this.cancel();
    await this.answered().catch(() => {});
  }

  async #sayBye(end: CallEnd): Promise<void> {
    const dialog = this.#dialog;
    if (this.#state === CallState.ENDED || !dialog) return;
    this.#incoming?.release();
    this.#advance(CallState.ENDED);
    try {
      await dialog.request('BYE');
    } catch (error) {
      // The other side is gone or unreachable: for this side the call is over all the same.
      this.#agent.endpoint.logger.debug(
        { err: error, callId: this.callId },
        'BYE was not answered',
      );
    }
    this.#over(end);
  }

  #finish(end: CallEnd): void {
    if (this.#advance(CallState.ENDED)) this.#over(end);
  }

  #over(end: CallEnd): void {
    this.#end = end;
    this.#agent.calls.delete(this);
    if (!this.#establishment.isDecided) {
      this.#establishment.failed(new CallEndedError(end.code ?? 'SIPX_CALL_ENDED', end.reason));
    }
    this.#outgoing?.release();
    this.#incoming?.release();
    this.#dialog?.end();
    void this.#media.close();
    this.emit('ended', end);
  }

  #advance(to: CallState): boolean {
    if (!isForward(this.#state, to)) return false;
    this.#state = to;
    return true;
  }

  #expectIncoming(): IncomingInvite {
    if (this.#incoming) return this.#incoming;
    if (this.direction === 'incoming') throw answeredAlready();
    throw new UsageError('SIPX_USAGE_STATE', 'this call was made, not received', {
      expected: 'an incoming call',
      got: 'an outgoing one',
    });
  }
}

const isUp = (state: CallState): boolean =>
  state === CallState.ANSWERED || state === CallState.CONFIRMED;

const withOffer = (invite: Request, offer: string | Uint8Array): Request => {
  const request = invite.with({ body: offer });
  if (!request.headers.has('Content-Type')) request.headers.set('Content-Type', 'application/sdp');
  return request;
};
