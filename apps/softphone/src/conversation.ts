import { readWavFile, type RTPSession, type RTPStatistics } from '@sipx/media';
import { type Call, type CallEnd, NetworkError, SIPXError } from 'sipx';
import { aborted, endOf, pause } from './waiting.ts';

/** What to do in a call. */
export interface Plan {
  /** WAV files. */
  readonly play?: string;
  readonly record?: string;
  readonly dtmf?: string;
  /** Seconds until this side hangs up; else when all was played and sent, if there was anything, or never. */
  readonly duration?: number;
}

/** What became of a call that was up. */
export interface Conversation {
  readonly durationMs: number;
  readonly ended: CallEnd['by'];
  readonly rtp: Pick<RTPStatistics, 'sent' | 'received' | 'lost' | 'jitterMs' | 'codec'>;
  /** Digits that came. */
  readonly dtmf: string;
}

/** The last words are still in the other side's jitter buffer. */
const TAIL_MS = 300;

/** Says and hears, over one media session. Files are opened before the call: nobody is rung for nothing. */
export class Talk {
  readonly #media: RTPSession;
  readonly #plan: Plan;
  readonly #sound: Int16Array | undefined;
  readonly #recording: { stop(): Promise<void> } | undefined;
  #digits = '';

  private constructor(media: RTPSession, plan: Plan, sound: Int16Array | undefined) {
    this.#media = media;
    this.#plan = plan;
    this.#sound = sound;
    this.#recording = plan.record === undefined ? undefined : media.record(plan.record);
    media.on('dtmf', (digit) => {
      this.#digits += digit;
    });
  }

  /** Rejects with SIPX_WAV. */
  static async prepare(media: RTPSession, plan: Plan): Promise<Talk> {
    return new Talk(
      media,
      plan,
      plan.play === undefined ? undefined : await readWavFile(plan.play),
    );
  }

  /**
   * From when the call is up to its end. Rejects with SIPX_WAV when the recording is not whole, with SIPX_CALL_ENDED
   * when the other side hung up before all digits were sent, SIPX_MEDIA_INCOMPATIBLE when it takes none.
   */
  async hold(call: Call, signal: AbortSignal): Promise<Conversation> {
    const began = performance.now();
    const ended = endOf(call);
    const said = this.#say();
    const leaving = new AbortController();
    try {
      await Promise.race([ended, aborted(signal), this.#done(said, leaving.signal)]);
    } catch {
      // What could not be said is told below, when the call is over.
    }
    leaving.abort();
    await call.bye();
    const { by } = await ended;
    const durationMs = performance.now() - began;
    await said.catch((error: unknown) => this.#unsaid(error, by));
    await this.#recording?.stop();
    const { sent, received, lost, jitterMs, codec } = this.#media.statistics;
    const rtp = { sent, received, lost, jitterMs, codec };
    return { durationMs, ended: by, rtp, dtmf: this.#digits };
  }

  /** For a call that never was up. */
  async close(): Promise<void> {
    await this.#media.close();
    await this.#recording?.stop();
  }

  async #say(): Promise<void> {
    const { dtmf } = this.#plan;
    await Promise.all([
      this.#sound && this.#media.play(this.#sound),
      dtmf === undefined ? undefined : this.#media.sendDtmf(dtmf),
    ]);
  }

  /** When it is for this side to hang up. */
  async #done(said: Promise<void>, signal: AbortSignal): Promise<void> {
    const { duration, play, dtmf } = this.#plan;
    if (duration !== undefined) {
      // What fails ends it too.
      await Promise.race([pause(duration * 1000, signal), said.then(() => aborted(signal))]);
      return;
    }
    if (play === undefined && dtmf === undefined) return aborted(signal);
    await said;
    await pause(TAIL_MS, signal);
  }

  /** Whoever hangs up early knows that not all was said; whoever is hung up on does not. */
  #unsaid(error: unknown, by: CallEnd['by']): void {
    if (!(error instanceof SIPXError) || error.code !== 'SIPX_CLOSED') throw error;
    if (by === 'local') return;
    throw new NetworkError(
      'SIPX_CALL_ENDED',
      'the other side hung up before all digits were sent',
      {
        cause: error,
      },
    );
  }
}
