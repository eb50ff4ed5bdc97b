import { type Message, parseMessage, type Request, type Response } from '@sipx/message';

/** Message texts of the tests: what is not said is the same everywhere. */
export interface Parts {
  readonly method?: string;
  readonly uri?: string;
  readonly via?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number | string;
  readonly headers?: readonly string[];
}

export const request = (parts: Parts = {}): Request => {
  const { method = 'INVITE', uri = 'sip:bob@biloxi.example' } = parts;
  const message = read(`${method} ${uri} SIP/2.0`, method, parts);
  if (message.type !== 'request') throw new TypeError('not a request');
  return message;
};

export const response = (status: number, parts: Parts = {}): Response => {
  const { method = 'INVITE', to = '<sip:bob@biloxi.example>;tag=b' } = parts;
  const message = read(`SIP/2.0 ${status} Whatever`, method, { ...parts, to });
  if (message.type !== 'response') throw new TypeError('not a response');
  return message;
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const read = (startLine: string, method: string, parts: Parts): Message => {
  const {
    via = ['SIP/2.0/UDP alice.example:5060;branch=z9hG4bK-one'],
    from = '<sip:alice@atlanta.example>;tag=a',
    to = '<sip:bob@biloxi.example>',
    callId = 'call-1@alice.example',
    cseq = 7,
    headers = [],
  } = parts;
  const lines = [
    startLine,
    ...via.map((value) => `Via: ${value}`),
    'Max-Forwards: 70',
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${typeof cseq === 'number' ? `${cseq} ${method}` : cseq}`,
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ];
  return parseMessage(bytes(lines.join('\r\n')));
};
