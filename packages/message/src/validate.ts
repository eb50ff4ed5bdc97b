import { type ErrorCode, SIPXError } from '@sipx/contracts';
import type { CSeq } from './cseq.ts';
import type { Field } from './field.ts';
import { isToken, shown } from './grammar.ts';
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
import type { Message } from './message.ts';
import { VERSION } from './sip-message.ts';
import type { NameAddr } from './name-addr.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import { isSipURI } from './uri.ts';
import type { Via } from './via.ts';

/** One thing that is wrong with a message. A response with a fault is dropped (RFC 3261 8.1.3.4 and 18.1.2). */
export interface Fault {
  /** With which to answer a request. */
  readonly status: number;
  readonly code: ErrorCode;
  /** Undefined for the start line and the body. */
  readonly header?: string;
  readonly expected: string;
  readonly got: string;
}

/**
 * What keeps a message from being processed, the gravest first; empty when it is well. Mandatory headers are
 * there once and grammatical (RFC 3261 8.1.1), and so is what routing reads. A request of RFC 2543, without
 * branch, tag and Max-Forwards, is well.
 */
export const validate = (message: Message): readonly Fault[] => {
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
  return faults;
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
  if (fields.length > 1) faults.push(wrong(id, 'one', String(fields.length)));
  if (id === MAX_FORWARDS && fields[0]) attempt(faults, fields[0], (field) => field.first());
};

const checkCallId = (field: Field, faults: Fault[]): void => {
  if (CALL_ID_TEXT.test(field.raw)) return;
  faults.push(wrong(CALL_ID, 'a word, or two joined by @', shown(field.raw)));
};

/** `word` allows brackets, quotes and most separators beyond `token`; no white space and no comma. */
const CALL_ID_TEXT = /^[^\s,;@\0-\x1f\x7f]+(?:@[^\s,;@\0-\x1f\x7f]+)?$/;

const checkVia = (message: Message, faults: Fault[]): void => {
  const fields = fieldsOf(message, VIA);
  if (fields.length === 0) faults.push(wrong(VIA, 'a Via header', 'none'));
  for (const [at, field] of fields.entries()) {
    attempt(faults, field, () => {
      const [top] = field.all() as Via[];
      if (at > 0 || top?.branch?.toLowerCase() !== COOKIE) return;
      // It would be the same for every request that it comes with (RFC 4475 3.2.1).
      faults.push(wrong(VIA, `a branch of more than ${COOKIE}`, COOKIE));
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
    faults.push(wrong(CSEQ, `the method ${shown(message.method)}`, shown(method)));
  });
};

const checkContentLength = (message: Message, faults: Fault[]): void => {
  const texts = fieldsOf(message, CONTENT_LENGTH).map(({ raw }) => raw);
  const declared = texts[0];
  if (declared === undefined) return;
  if (!/^\d+$/.test(declared) || texts.some((text) => text !== declared)) {
    faults.push(wrong(CONTENT_LENGTH, 'one number', shown(texts.join(', '))));
  } else if (Number(declared) > message.content.length) {
    const got = String(message.content.length);
    faults.push(wrong(CONTENT_LENGTH, `${declared} octets of body`, got));
  }
};

const checkAddresses = (fields: readonly Field[], faults: Fault[]): void => {
  for (const field of fields) {
    attempt(faults, field, () => {
      for (const { uri } of field.all() as NameAddr[]) void uri;
    });
  }
};

const fieldsOf = (message: Message, id: number): Field[] =>
  message.headers.select((other) => other === id);

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
    const { code, message, expected = 'what the grammar allows', got = shown(message) } = error;
    const header = where && HEADERS[where.id]?.name;
    faults.push({ status: 400, code, ...(header && { header }), expected, got });
  }
};

const wrong = (id: number, expected: string, got: string): Fault => ({
  status: 400,
  code: 'SIPX_MESSAGE_INVALID',
  header: HEADERS[id]?.name ?? '',
  expected,
  got,
});
