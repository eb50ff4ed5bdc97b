import { checkForm, malformed } from './grammar.ts';

/** The time of a Date header, to the second (RFC 3261 20.17). */
export class SIPDate {
  /** Milliseconds since 1970, whole seconds. */
  readonly time: number;

  /** @throws UsageError SIPX_USAGE_HEADER for a time outside the years 1000 to 9999 */
  constructor(time: number | Date) {
    this.time = Math.floor(Number(time) / 1_000) * 1_000;
    checkForm(FORM, this, 'Date', EXPECTED);
  }

  /** The time zone is GMT; the day of the week is not checked. @throws ProtocolError SIPX_PARSE_HEADER */
  static parse(text: string): SIPDate {
    const time = FORM.test(text) ? Date.parse(text) : Number.NaN;
    // A day that the month does not have comes out as one of the next month, and what is odd in another form.
    const same = afterDay(new Date(time).toUTCString()) === afterDay(text);
    if (!same) throw malformed('Date', EXPECTED, text);
    return new SIPDate(time);
  }

  toString(): string {
    return new Date(this.time).toUTCString();
  }
}

const EXPECTED = 'Sat, 13 Nov 2010 23:29:00 GMT';
const FORM = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .{7}[1-9]\d{3} .{12}$/i;
const afterDay = (text: string): string => text.slice(4).toLowerCase();
