import { createHash, type Hash } from 'node:crypto';
import type { WireEvent } from '@sipx/endpoint';

const T64 = 32_000;

/** What one host's wire says about ACKs and BYEs; the messages are only looked at, not parsed. */
export class RaceWatch {
  /** 2xx to INVITE that came in, by To tag. */
  readonly answers: Map<string, number> = new Map();
  /** ACKs that went out, by To tag; those for refusals as well. */
  readonly acks: Map<string, number> = new Map();
  /** BYEs by Call-ID, both tags and CSeq. */
  readonly byesOut: Set<string> = new Set();
  readonly byesIn: Set<string> = new Set();
  cancels = 0;
  /** What may not go out yet: a CANCEL before anything came in (RFC 3261 9.1), a called side's BYE before the ACK (15). */
  hurried: 'CANCEL' | 'BYE' | undefined;
  readonly #acceptedAt = new Map<string, number>();
  readonly #acknowledged = new Set<string>();
  #heard = false;
  firstAnswer: number | undefined;

  see({ direction, bytes, at }: WireEvent): void {
    const text = textOf(bytes);
    if (direction === 'in') this.#seeIn(text, at);
    else this.#seeOut(text, at);
  }

  #seeIn(text: string, at: number): void {
    this.#heard = true;
    if (isAnswer(text)) {
      this.firstAnswer ??= at;
      // Later the INVITE is over for the caller's core (RFC 3261 13.2.2.4).
      if (at < this.firstAnswer + T64) count(this.answers, toTag(text));
    } else if (text.startsWith('ACK')) this.#acknowledged.add(toTag(text));
    else if (text.startsWith('BYE')) this.byesIn.add(byeKey(text));
  }

  #seeOut(text: string, at: number): void {
    if (isAnswer(text)) {
      if (!this.#acceptedAt.has(toTag(text))) this.#acceptedAt.set(toTag(text), at);
    } else if (text.startsWith('ACK')) count(this.acks, toTag(text));
    else if (text.startsWith('CANCEL')) {
      this.cancels += 1;
      if (!this.#heard) this.hurried = 'CANCEL';
    } else if (text.startsWith('BYE')) {
      this.byesOut.add(byeKey(text));
      const own = fromTag(text);
      const accepted = this.#acceptedAt.get(own) ?? -Infinity;
      // The time for the ACK began when the answer was given to handlers, which may have held it.
      if (!this.#acknowledged.has(own) && at < accepted + T64 - 500) this.hurried = 'BYE';
    }
  }

  /** Whether the dialog with this tag was hung up from either side. */
  saidBye(tag: string): boolean {
    return [...this.byesOut, ...this.byesIn].some((key) => key.split(' ').includes(tag));
  }
}

/** All hosts' wires in one, for a story to read and a hash to compare. */
export class RaceStory {
  readonly lines: string[] = [];
  readonly #hash: Hash = createHash('sha256');

  see(who: string, { direction, bytes, remote, at }: WireEvent): void {
    const text = textOf(bytes);
    const line = text.split('\r\n', 1)[0];
    const tag = toTag(text);
    const head = `${at.toFixed(0)} ${who} ${direction} ${remote.host}`;
    this.lines.push(`${head} ${line} ${tag}`);
    this.#hash.update(head).update(bytes);
  }

  note(at: number, what: string): void {
    this.lines.push(`${at.toFixed(0)} -- ${what}`);
  }

  get hash(): string {
    return this.#hash.copy().digest('hex');
  }
}

const isAnswer = (text: string): boolean =>
  text.startsWith('SIP/2.0 2') && /^CSeq: *\d+ INVITE\r$/im.test(text);

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');

const toTag = (text: string): string => /^To:.*;tag=([^;\r]+)/im.exec(text)?.[1] ?? '';
const fromTag = (text: string): string => /^From:.*;tag=([^;\r]+)/im.exec(text)?.[1] ?? '';

const byeKey = (text: string): string => {
  const number = /^CSeq: *(\d+)/im.exec(text)?.[1];
  return `${fromTag(text)} ${toTag(text)} ${number}`;
};
