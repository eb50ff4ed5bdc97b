import type { MediaOptions, MediaSession } from '@sipx/contracts';

/** A media session that only writes SDP, and remembers what it was told. */
export class ScriptedMedia implements MediaSession {
  readonly #port: number;
  answer: string | undefined;
  closed = false;

  constructor(port: number) {
    this.#port = port;
  }

  createOffer({ direction = 'sendrecv' }: MediaOptions): string {
    return sdp(this.#port, direction);
  }

  createAnswer(offer: string, { direction = 'sendrecv' }: MediaOptions): string {
    this.answer = offer;
    return sdp(this.#port, direction);
  }

  setAnswer(answer: string): void {
    this.answer = answer;
  }

  close(): void {
    this.closed = true;
  }
}

const sdp = (port: number, direction: string): string =>
  [
    'v=0',
    `o=- ${port} 1 IN IP4 192.0.2.1`,
    's=-',
    'c=IN IP4 192.0.2.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    `a=${direction}`,
    '',
  ].join('\r\n');
