import { checkForm, matched } from './grammar.ts';

/** Seconds by the sender's own clock, and how long the answer took (RFC 3261 20.38). */
export class Timestamp {
  /** Seconds below 10^15, exact to the microsecond. */
  readonly time: number;
  /** Seconds between request and response. */
  readonly delay: number | undefined;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor(time: number, delay?: number) {
    this.time = Number(decimal(time));
    this.delay = delay === undefined ? undefined : Number(decimal(delay));
    checkForm(FORM, this, 'Timestamp', EXPECTED);
  }

  toString(): string {
    const { time, delay } = this;
    return decimal(time) + (delay === undefined ? '' : ` ${decimal(delay)}`);
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  static parse(text: string): Timestamp {
    const [, time, delay] = matched(FORM, text, 'Timestamp', EXPECTED);
    // The grammar lets a delay be a dot, or nothing.
    return new Timestamp(Number(time), delay === undefined ? undefined : Number(delay) || 0);
  }
}

const EXPECTED = 'seconds, and seconds of delay';
const FORM = /^(\d{1,15}(?:\.\d*)?)(?:[ \t]+(\d{0,15}(?:\.\d*)?))?$/;
const decimal = (seconds: number): string => seconds.toFixed(6).replace(/\.?0+$/, '');
