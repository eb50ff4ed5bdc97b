import { EventEmitter } from 'node:events';
import { isIP } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import {
  type Clock,
  cryptoIds,
  hostPort,
  type IdSource,
  type Logger,
  type MediaOptions,
  type MediaSession,
  silentLogger,
  systemClock,
  UsageError,
} from '@sipx/contracts';
import { heardStream, spokenStream } from './audio-streams.ts';
import { DigitSender } from './digit-sender.ts';
import { type CodecName, codecs } from './g711.ts';
import { type Capabilities, offeredTypes, receives, sends } from './negotiation.ts';
import { OfferAnswer } from './offer-answer.ts';
import { Pacer } from './pacer.ts';
import { FRAME_MS, FRAME_SAMPLES, msToSamples } from './pcm.ts';
import type { PCMSource } from './pcm-source.ts';
import { Player, type PlayOptions } from './player.ts';
import {
  type MemoryRecording,
  type PCMSink,
  type Recorder,
  type Recording,
  recordInMemory,
  recordTo,
} from './recording.ts';
import { type Heard, RTPReceiver } from './rtp-receiver.ts';
import { RTPSender } from './rtp-sender.ts';
import { defaultAddress, openSocket, type RTPSocket } from './rtp-socket.ts';
import type { DigitTiming } from './telephone-event.ts';

export interface RTPOptions {
  /** The address literal to bind and to tell the peer; the machine's first IPv4 address that is not internal. */
  readonly address?: string;
  /** 0: a free one. */
  readonly port?: number;
  /** In order of preference; PCMU, PCMA. */
  readonly codecs?: readonly CodecName[];
  /** How digits are sent (RFC 4733); false: neither sent nor received. */
  readonly dtmf?: DigitTiming | false;
  /** How far behind the first packet playing begins, in milliseconds; 60. */
  readonly jitterMs?: number;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly logger?: Logger;
}

export interface RTPEvents {
  /** A key was pressed at the other end: 0-9, *, #, A-D. Told when its first packet comes. */
  dtmf: [digit: string];
  /** The first packet of the peer came. */
  heard: [];
  closed: [];
}

export interface RTPStatistics extends Heard {
  /** Packets sent, audio and digits. */
  readonly sent: number;
  /** What is sent; undefined before the sides agreed. */
  readonly codec: CodecName | undefined;
  /** Where it is sent: `127.0.0.1:4000`. */
  readonly remote: string | undefined;
}

const SILENCE = new Int16Array(FRAME_SAMPLES);

/** A call's audio over RTP (RFC 3550, 3551): G.711 and digits, offered and answered in SDP (RFC 3264). */
export class RTPSession extends EventEmitter<RTPEvents> implements MediaSession {
  readonly #address: string;
  readonly #port: number;
  readonly #codecs: readonly CodecName[];
  readonly #dtmf: boolean;
  readonly #clock: Clock;
  readonly #logger: Logger;

  readonly #pacer: Pacer;
  readonly #sender: RTPSender;
  readonly #digits: DigitSender;
  readonly #player: Player = new Player();
  readonly #receiver: RTPReceiver;
  readonly #recorders: Set<Recorder> = new Set();
  readonly #settling: OfferAnswer;
  #echoes = false;
  #readable: Readable | undefined;
  #writable: Writable | undefined;

  #socket: Promise<RTPSocket> | undefined;
  #open: RTPSocket | undefined;
  #closing: Promise<void> | undefined;

  /** Opens nothing yet: the socket is bound by the first offer or answer. @throws UsageError SIPX_USAGE */
  constructor(options: RTPOptions = {}) {
    super();
    const ids = options.ids ?? defaultIds();
    const { address = defaultAddress(), dtmf = {} } = options;
    if (isIP(address) === 0) {
      throw new UsageError('SIPX_USAGE', 'media needs an address, not a name', {
        expected: 'an IPv4 or IPv6 literal',
        got: JSON.stringify(address),
      });
    }
    this.#address = address;
    this.#port = options.port ?? 0;
    this.#codecs = knownCodecs(options.codecs ?? ['PCMU', 'PCMA']);
    this.#dtmf = dtmf !== false;
    this.#clock = options.clock ?? defaultClock();
    this.#logger = options.logger ?? silentLogger;

    this.#settling = new OfferAnswer(Math.floor(ids.random() * 2 ** 31));
    this.#pacer = new Pacer(this.#clock, FRAME_MS, (skipped) => this.#frame(skipped));
    this.#sender = new RTPSender(ids);
    this.#digits = new DigitSender(dtmf || {});
    this.#receiver = new RTPReceiver(options.jitterMs ?? 60, (digit) => this.emit('dtmf', digit));
  }

  // What it says and hears

  /**
   * Plays samples, a generator (`tone(440)`, `tune()`), a stream of 16-bit bytes or a WAV file, from when media
   * flows and in the place of what played before. Resolves when all was sent, or it was replaced or stopped, or the
   * session closed; rejects with SIPX_WAV or SIPX_MEDIA (the source threw).
   */
  play(source: PCMSource | string, options?: PlayOptions): Promise<void> {
    this.#echoes = false;
    return this.#player.play(source, options);
  }

  /** Says what it hears. `play` ends it. */
  echo(): void {
    this.#player.stop();
    this.#echoes = true;
  }

  /** Back to silence. */
  stop(): void {
    this.#player.stop();
    this.#echoes = false;
  }

  /** Records what is heard, in memory: `media.record().pcm`. */
  record(): MemoryRecording;
  /** Into a WAV file, or a function. @throws UsageError SIPX_WAV when the file cannot be made */
  record(sink: PCMSink): Recording;
  record(sink?: PCMSink): Recording {
    const ended = (recorder: Recorder): boolean => this.#recorders.delete(recorder);
    return this.#add(sink === undefined ? recordInMemory(ended) : recordTo(sink, ended)).recording;
  }

  /** The next so many milliseconds of what is heard, from the first packet on; less when the session ends before. */
  hear(ms: number): Promise<Int16Array> {
    return new Promise((resolve) => {
      const memory = recordInMemory((recorder) => {
        this.#recorders.delete(recorder);
        resolve(memory.recording.pcm.slice(0, msToSamples(ms)));
      });
      const { recording } = this.#add({
        recording: memory.recording,
        take(frame) {
          memory.take(frame);
          if (recording.durationMs >= ms) void recording.stop();
        },
      });
    });
  }

  /** What is heard as a stream of 16-bit little-endian samples at 8 kHz, 320 bytes for each 20 ms. */
  get readable(): Readable {
    if (!this.#readable) {
      const { stream, recorder } = heardStream((ended) => this.#recorders.delete(ended));
      this.#add(recorder);
      this.#readable = stream;
    }
    return this.#readable;
  }

  /** Takes the same and plays it, in the place of what played before; it holds 200 ms and makes the writer wait. */
  get writable(): Writable {
    if (!this.#writable || this.#writable.destroyed) {
      const stream = spokenStream();
      this.#writable = stream;
      void this.play(stream).catch((error) => this.#logger.debug({ error }, 'writable failed'));
    }
    return this.#writable;
  }

  /**
   * Resolves when the last digit was sent. Rejects with SIPX_USAGE (not digits), SIPX_USAGE_STATE (nothing may be sent
   * now), SIPX_MEDIA_INCOMPATIBLE (the peer takes no telephone-events), SIPX_CLOSED.
   */
  async sendDtmf(digits: string): Promise<void> {
    this.#assertOpen();
    const agreed = this.#settling.agreed;
    if (!agreed || !sends(agreed.direction)) {
      throw new UsageError('SIPX_USAGE_STATE', 'digits can be sent only while media may be', {
        got: agreed ? `direction ${agreed.direction}` : 'no answer yet',
      });
    }
    if (agreed.eventType === undefined) {
      throw new UsageError('SIPX_MEDIA_INCOMPATIBLE', 'the peer takes no telephone-events');
    }
    return this.#digits.send(digits);
  }

  get statistics(): RTPStatistics {
    const remote = this.#settling.agreed?.remote;
    return {
      sent: this.#sender.sent,
      ...this.#receiver.heard,
      codec: this.#settling.agreed?.codec.name,
      remote: remote && hostPort(remote.host, remote.port),
    };
  }

  // What a call asks of it

  /** Rejects with SIPX_MEDIA when the address cannot be bound, SIPX_CLOSED. */
  async createOffer({ direction = 'sendrecv' }: MediaOptions = {}): Promise<string> {
    const own = await this.#capabilities();
    if (!this.#settling.agreed) this.#receiver.formats = offeredTypes(own);
    return this.#settling.offer(own, direction);
  }

  /** Rejects with SIPX_PARSE_BODY, SIPX_MEDIA_INCOMPATIBLE, SIPX_MEDIA, SIPX_CLOSED. Media flows from here. */
  async createAnswer(
    offer: string,
    { direction = 'sendrecv' }: MediaOptions = {},
  ): Promise<string> {
    const own = await this.#capabilities();
    try {
      const answer = this.#settling.answer(own, offer, direction);
      this.#flow();
      return answer;
    } catch (error) {
      // The call will be refused: keep no port for it.
      if (!this.#settling.agreed) this.#unbind();
      throw error;
    }
  }

  /** Media flows from here. @throws SIPX_PARSE_BODY, SIPX_MEDIA_INCOMPATIBLE, SIPX_USAGE_STATE (no offer is open), SIPX_CLOSED */
  setAnswer(sdp: string): void {
    this.#assertOpen();
    this.#settling.accept(sdp);
    this.#flow();
  }

  rollback(): void {
    this.#settling.rollback();
  }

  /** Ends what plays and what records. Never rejects; a recording's own `stop` tells of its failure. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#pacer.stop();
    this.#unbind();
    this.#player.close();
    this.#digits.close();
    const ends = [...this.#recorders].map(({ recording }) => recording.stop());
    for (const end of await Promise.allSettled(ends)) {
      if (end.status === 'rejected') this.#logger.warn({ error: end.reason }, 'recording');
    }
    this.emit('closed');
  }

  // 50 times a second

  #frame(skipped: number): void {
    const heard = this.#receiver.read(this.#clock.now());
    if (heard) for (const recorder of this.#recorders) recorder.take(heard);
    this.#send(heard, skipped);
  }

  #send(heard: Int16Array | undefined, skipped: number): void {
    this.#sender.advance(1 + skipped);
    const agreed = this.#settling.agreed;
    if (!agreed || !sends(agreed.direction) || isUnspecified(agreed.remote.host)) {
      this.#sender.pause();
      return;
    }
    // Asked during a digit too: it is spoken over, and what plays goes on in time.
    const audio = (this.#echoes ? heard : this.#player.next()) ?? SILENCE;
    const { eventType } = agreed;
    const digit = eventType === undefined ? undefined : this.#digits.next();
    const bytes =
      eventType !== undefined && digit?.payload
        ? this.#sender.digit(eventType, digit, digit.payload)
        : this.#sender.audio(agreed.payloadType, agreed.codec.encode(audio));
    this.#open?.send(bytes, agreed.remote.port, agreed.remote.host);
  }

  #received(bytes: Uint8Array, from: string): void {
    if (this.#settling.agreed && !receives(this.#settling.agreed.direction)) return;
    const first = this.#receiver.heard.received === 0;
    if (!this.#receiver.receive(bytes, from, this.#clock.now()) || !first) return;
    this.#pacer.start();
    this.emit('heard');
  }

  #flow(): void {
    const { agreed } = this.#settling;
    if (!agreed) return;
    this.#receiver.formats = agreed.receives;
    this.#receiver.expectedHost = agreed.remote.host;
    this.#pacer.start();
  }

  #add<T extends Recorder>(recorder: T): T {
    this.#assertOpen();
    this.#recorders.add(recorder);
    return recorder;
  }

  /** Binds when it is not bound. */
  async #capabilities(): Promise<Capabilities> {
    this.#assertOpen();
    this.#socket ??= openSocket(
      { address: this.#address, port: this.#port },
      (bytes, from) => this.#received(bytes, from),
      this.#logger,
    );
    try {
      this.#open = await this.#socket;
    } catch (error) {
      this.#socket = undefined;
      throw error;
    }
    if (this.#closing) this.#unbind();
    this.#assertOpen();
    return {
      codecs: this.#codecs,
      dtmf: this.#dtmf,
      address: this.#address,
      port: this.#open.port,
    };
  }

  #unbind(): void {
    this.#open?.close();
    this.#open = undefined;
    this.#socket = undefined;
  }

  #assertOpen(): void {
    if (this.#closing) throw new UsageError('SIPX_CLOSED', 'the media session is closed');
  }
}

// Made once and on demand: a timer wheel is too large to have one for each call.
let sharedClock: Clock | undefined;
const defaultClock = (): Clock => (sharedClock ??= systemClock());
let sharedIds: IdSource | undefined;
const defaultIds = (): IdSource => (sharedIds ??= cryptoIds());

/** Media for a call: `client.invite(uri, { media: rtp() })`. @throws UsageError SIPX_USAGE */
export const rtp = (options?: RTPOptions): RTPSession => new RTPSession(options);

/** An old way to say "hold" (RFC 3264 8.4). */
const isUnspecified = (host: string): boolean => host === '0.0.0.0' || host === '::';

const knownCodecs = (names: readonly CodecName[]): readonly CodecName[] => {
  const unknown = names.find((name) => !Object.hasOwn(codecs, name));
  if (names.length > 0 && unknown === undefined) return names;
  throw new UsageError('SIPX_USAGE', 'not a list of codecs', {
    expected: Object.keys(codecs).join(', '),
    got: unknown === undefined ? 'none' : JSON.stringify(unknown),
  });
};
