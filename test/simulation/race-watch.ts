import { createHash, type Hash } from 'node:crypto';
import type { WireEvent } from '@sipx/endpoint';

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
  firstAnswer: number | undefined;

  see({ direction, bytes, at }: WireEvent): void {
    const text = textOf(bytes);
    if (direction === 'in' && /^SIP\/2.0 2/.test(text)) {
      if (!/^CSeq: *\d+ INVITE\r$/im.test(text)) return;
      this.firstAnswer ??= at;
      // Later the INVITE is over for the caller's core (RFC 3261 13.2.2.4).
      if (at < this.firstAnswer + 32_000) count(this.answers, toTag(text));
    } else if (direction === 'out' && text.startsWith('ACK')) count(this.acks, toTag(text));
    else if (direction === 'out' && text.startsWith('CANCEL')) this.cancels += 1;
    else if (text.startsWith('BYE')) {
      (direction === 'out' ? this.byesOut : this.byesIn).add(byeKey(text));
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
