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
    // A day that the month does not have comes out as one of the next month.
    const same = new Date(time).getUTCDate() === Number(text.slice(5, 7));
    if (!same) throw malformed('Date', EXPECTED, text);
    return new SIPDate(time);
  }

  toString(): string {
    return new Date(this.time).toUTCString();
  }
}

const EXPECTED = 'Sat, 13 Nov 2010 23:29:00 GMT';
const FORM =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [1-9]\d{3} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d GMT$/i;
