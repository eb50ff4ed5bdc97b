import { type ErrorCode, SIPXError } from '@sipx/contracts';
import type { CSeq } from './cseq.ts';
import type { Field } from './field.ts';
import { CALL_ID_TEXT, isToken, shown } from './grammar.ts';
import {
  CALL_ID,
  CONTACT,
  CONTENT_LENGTH,
  CSEQ,
  FROM,
  HEADERS,
  MAX_FORWARDS,
  RECORD_ROUTE,
  ROUTE,
  TO,
  VIA,
} from './header-names.ts';
// Through the entry: so the build leaves the core in one piece, whose constants V8 can take for such.
import { isSipURI, MessageParser } from './index.ts';
import { readValue } from './header-types.ts';
import type { MediaType } from './media-type.ts';
import type { Message } from './message.ts';
import { VERSION } from './sip-message.ts';
import type { NameAddr } from './name-addr.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import { STRICT } from './strict.ts';
import type { Via } from './via.ts';

/** One thing that is wrong with a message. A response with a fault is dropped (RFC 3261 8.1.3.4 and 18.1.2). */
export interface Fault {
  /** With which to answer a request. */
  readonly status: number;
  readonly code: ErrorCode;
  /** Undefined for the start line and the body. */
  readonly header?: string;
  /** Where the header field, or what is no message, starts in the octets that were parsed. */
  readonly offset?: number;
  readonly expected: string;
  readonly got: string;
}

/**
 * What this side is able to do. Nothing of it is asked of a message unless it is given: an endpoint lets pass
 * what its application may still know.
 */
export interface ValidateOptions {
  /** Every typed header is read by the letter of its RFC, not only what processing needs. */
  readonly everyHeader?: boolean;
  /** Methods; others are answered 501. */
  readonly methods?: readonly string[];
  /** Schemes of Request-URIs; others are answered 416. */
  readonly schemes?: readonly string[];
  /** Extensions; a Require, or a Proxy-Require when forwarding, that names others is answered 420. */
  readonly supported?: readonly string[];
  /** Types of bodies, as `application/sdp`; others are answered 415. */
  readonly contentTypes?: readonly string[];
  /** Types of which one will be in the answer; an Accept that has none of them is answered 406. */
  readonly answerTypes?: readonly string[];
  /** As a proxy: no hop left (Max-Forwards 0) is answered 483. */
  readonly forwarding?: boolean;
}

/**
 * What keeps a message from being processed, the gravest first; empty when it is well. Mandatory headers are
 * there once and grammatical (RFC 3261 8.1.1), and so is what routing reads. A request of RFC 2543, without
 * branch, tag and Max-Forwards, is well.
 */
export const validate = (message: Message, options: ValidateOptions = {}): readonly Fault[] => {
  const faults: Fault[] = [];
  if (message.type === 'request') checkRequestLine(message, faults);
  else checkStatusLine(message, faults);
  for (const id of ONCE) checkOnce(message, id, faults);
  checkVia(message, faults);
  checkCSeq(message, faults);
  checkContentLength(message, faults);
  if (message.type === 'request') {
    for (const id of ROUTING) checkAddresses(fieldsOf(message, id), faults);
    checkAtMostOnce(message, MAX_FORWARDS, faults);
  }
  if (options.everyHeader) checkEvery(message, faults);
  // What cannot be read is answered for that.
  if (message.type === 'request' && faults.length === 0) checkAbilities(message, options, faults);
  return faults;
};

/** As `parser.parse` and `validate`, and never throws: the message where it can be represented, and what is wrong. */
export const inspect = (
  bytes: Uint8Array,
  parser: Pick<MessageParser, 'parse'> = new MessageParser(),
  options?: ValidateOptions,
): { readonly message?: Message; readonly faults: readonly Fault[] } => {
  try {
    const message = parser.parse(bytes);
    return { message, faults: validate(message, options) };
  } catch (error) {
    if (!(error instanceof SIPXError)) throw error;
    return { faults: [faultOf(error)] };
  }
};

/** What an error of the parser, or of a header that was read, is as a fault. */
const faultOf = (error: SIPXError, field?: Field): Fault => {
  const { code, message, expected = 'what the grammar allows', got = shown(message) } = error;
  const header = field && HEADERS[field.id]?.name;
  const offset = field ? field.offset : error.offset;
  return {
    status: STATUSES[code] ?? 400,
    code,
    ...(header && { header }),
    ...(offset !== undefined && { offset }),
    expected,
    got,
  };
};

const STATUSES: Partial<Record<ErrorCode, number>> = {
  SIPX_LIMIT_URI: 414,
  SIPX_LIMIT_HEAD: 513,
  SIPX_LIMIT_HEADERS: 513,
  SIPX_LIMIT_BODY: 513,
};

const ONCE = [FROM, TO, CALL_ID, CSEQ];
const ROUTING = [CONTACT, ROUTE, RECORD_ROUTE];

const checkRequestLine = (request: Request, faults: Fault[]): void => {
  const { version, method } = request;
  if (version !== VERSION) {
    const status = /^SIP\/\d+\.\d+$/.test(version) ? 505 : 400;
    faults.push({ status, code: 'SIPX_PARSE_START_LINE', expected: VERSION, got: shown(version) });
  }
  if (!isToken(method)) {
    const expected = 'a token as the method';
    faults.push({ status: 400, code: 'SIPX_PARSE_START_LINE', expected, got: shown(method) });
  }
  attempt(faults, undefined, () => {
    const { uri } = request;
    if (!isSipURI(uri) || uri.headers.size === 0) return;
    const expected = 'a Request-URI without headers (RFC 3261 19.1.1)';
    faults.push({ status: 400, code: 'SIPX_PARSE_URI', expected, got: shown(String(uri)) });
  });
};

const checkStatusLine = ({ version, status }: Response, faults: Fault[]): void => {
  if (version === VERSION && status >= 100 && status <= 699) return;
  const expected = `${VERSION} and a status from 100 to 699`;
  const got = shown(`${version} ${status}`);
  faults.push({ status: 400, code: 'SIPX_PARSE_START_LINE', expected, got });
};

const checkOnce = (message: Message, id: number, faults: Fault[]): void => {
  const [field] = fieldsOf(message, id);
  if (!field) faults.push(wrong(id, `a ${HEADERS[id]?.name} header`, 'none'));
  else if (id === CALL_ID) checkCallId(field, faults);
  else if (id === FROM || id === TO) checkAddresses([field], faults);
  checkAtMostOnce(message, id, faults);
};

const checkAtMostOnce = (message: Message, id: number, faults: Fault[]): void => {
  const fields = fieldsOf(message, id);
  if (fields.length > 1) faults.push(wrong(id, 'one', String(fields.length), fields[1]));
  if (id === MAX_FORWARDS && fields[0]) attempt(faults, fields[0], (field) => field.first());
};

const checkCallId = (field: Field, faults: Fault[]): void => {
  if (CALL_ID_TEXT.test(field.raw)) return;
  faults.push(wrong(CALL_ID, 'a word, or two joined by @', shown(field.raw), field));
};

const checkVia = (message: Message, faults: Fault[]): void => {
  const fields = fieldsOf(message, VIA);
  if (fields.length === 0) faults.push(wrong(VIA, 'a Via header', 'none'));
  for (const [at, field] of fields.entries()) {
    attempt(faults, field, () => {
      const [top] = field.all() as Via[];
      if (at > 0 || top?.branch?.toLowerCase() !== COOKIE) return;
      // It would be the same for every request that it comes with (RFC 4475 3.2.1).
      faults.push(wrong(VIA, `a branch of more than ${COOKIE}`, COOKIE, field));
    });
  }
};

const COOKIE = 'z9hg4bk';

const checkCSeq = (message: Message, faults: Fault[]): void => {
  const [field] = fieldsOf(message, CSEQ);
  if (!field) return;
  attempt(faults, field, () => {
    const { method } = field.first() as CSeq;
    if (message.type !== 'request' || method === message.method) return;
    faults.push(wrong(CSEQ, `the method ${shown(message.method)}`, shown(method), field));
  });
};

const checkContentLength = (message: Message, faults: Fault[]): void => {
  const fields = fieldsOf(message, CONTENT_LENGTH);
  const texts = fields.map(({ raw }) => raw);
  const declared = texts[0];
  if (declared === undefined) {
    if (message.headers.head?.leniencies?.missingContentLength !== false) return;
    faults.push(wrong(CONTENT_LENGTH, 'a Content-Length header', 'none'));
  } else if (!/^\d+$/.test(declared) || texts.some((text) => text !== declared)) {
    faults.push(wrong(CONTENT_LENGTH, 'one number', shown(texts.join(', ')), fields.at(-1)));
  } else if (Number(declared) > message.content.length) {
    const got = String(message.content.length);
    faults.push(wrong(CONTENT_LENGTH, `${declared} octets of body`, got, fields[0]));
  }
};

const checkAddresses = (fields: readonly Field[], faults: Fault[]): void => {
  for (const field of fields) {
    attempt(faults, field, () => {
      for (const { uri } of field.all() as NameAddr[]) void uri;
    });
  }
};

/** Those that have not been found faulty yet. */
const checkEvery = (message: Message, faults: Fault[]): void => {
  const known = new Set(faults.map(({ header }) => header));
  for (const field of message.headers.select(1, HEADERS.length)) {
    if (known.has(HEADERS[field.id]?.name)) continue;
    attempt(faults, field, () => {
      for (const text of field.texts()) readValue(field.id, text, STRICT);
    });
  }
};

const checkAbilities = (request: Request, options: ValidateOptions, faults: Fault[]): void => {
  const { methods, schemes, supported, contentTypes, answerTypes, forwarding } = options;
  const { headers } = request;
  const refuse = (status: number, header: string, all: readonly string[], got: unknown): void => {
    const expected = all.join(', ') || 'none';
    faults.push({ status, code: 'SIPX_MESSAGE_INVALID', header, expected, got: shown(`${got}`) });
  };
  if (methods?.includes(request.method) === false) refuse(501, 'CSeq', methods, request.method);
  attempt(faults, undefined, () => {
    const { scheme } = request.uri;
    if (schemes?.includes(scheme) === false) refuse(416, 'Request-URI', schemes, scheme);
    if (forwarding && headers.get('Max-Forwards') === 0) refuse(483, 'Max-Forwards', ['1'], 0);
    const required = forwarding ? 'Proxy-Require' : 'Require';
    const unknown = headers.getAll(required).filter((tag) => supported?.includes(tag) === false);
    if (supported && unknown.length > 0) refuse(420, required, supported, unknown.join(', '));
    const type = headers.get('Content-Type');
    if (type && request.content.length > 0 && contentTypes?.includes(type.essence) === false) {
      refuse(415, 'Content-Type', contentTypes, type.essence);
    }
    const ranges = headers.has('Accept') && headers.getAll('Accept');
    if (answerTypes && ranges && !answerTypes.some((answer) => ranges.some(covers(answer)))) {
      refuse(406, 'Accept', answerTypes, ranges.join(', '));
    }
  });
};

const covers =
  (answer: string) =>
  ({ type, essence }: MediaType): boolean =>
    essence === answer ||
    essence === '*/*' ||
    (essence === `${type}/*` && answer.startsWith(`${type}/`));

const fieldsOf = (message: Message, id: number): Field[] => message.headers.all(id);

/** A reader's refusal becomes a fault. */
const attempt = <Where extends Field | undefined>(
  faults: Fault[],
  where: Where,
  reading: (field: Where) => unknown,
): void => {
  try {
    reading(where);
  } catch (error) {
    if (!(error instanceof SIPXError)) throw error;
    faults.push(faultOf(error, where));
  }
};

const wrong = (id: number, expected: string, got: string, field?: Field): Fault => ({
  status: 400,
  code: 'SIPX_MESSAGE_INVALID',
  header: HEADERS[id]?.name ?? '',
  ...(field?.offset !== undefined && { offset: field.offset }),
  expected,
  got,
});
