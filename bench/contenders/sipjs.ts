import {
  constructOutgoingResponse,
  type IncomingRequestMessage,
  type IncomingResponseMessage,
  OutgoingRequestMessage,
  Parser,
} from 'sip.js/lib/core/index.js';
import { Grammar, type NameAddrHeader } from 'sip.js/lib/grammar/index.js';
import { ANSWER, type Contender, type Fields, Tally } from '../contender.ts';

type Message = IncomingRequestMessage | IncomingResponseMessage;

const refuse = (text: string): void => {
  throw new Error(text);
};
const logger = { error: refuse, warn: refuse, log: refuse, debug: refuse };

const read = (bytes: Buffer): Message => {
  const message = Parser.parseMessage(bytes.toString(), logger as never);
  if (!message) throw new Error('not read');
  return message;
};

export const sipjs: Contender = {
  name: 'sip.js',
  losesParameters: true,
  parse: read,
  fields(bytes): Fields {
    const message = read(bytes);
    const contact = message.parseHeader('contact') as NameAddrHeader | undefined;
    return [
      'statusCode' in message ? (message.statusCode ?? '') : message.method,
      message.viaBranch,
      message.fromTag ?? '',
      message.toTag ?? '',
      message.callId,
      message.cseq,
      String(contact?.uri ?? ''),
    ];
  },
  deep(bytes) {
    const message = read(bytes);
    const tally = new Tally();
    for (let at = message.getHeaders('via').length - 1; at >= 0; at -= 1) {
      const via = message.parseHeader('via', at) as { host: string; port?: number; branch: string };
      tally.place(via.host, via.port);
      tally.param('branch', via.branch);
    }
    addAddress(tally, message.from);
    addAddress(tally, message.to);
    for (const name of ['contact', 'record-route']) {
      for (let at = message.getHeaders(name).length - 1; at >= 0; at -= 1) {
        addAddress(tally, message.parseHeader(name, at) as NameAddrHeader);
      }
    }
    // One header holds them all: it reads the first alone.
    const [routes] = message.getHeaders('route');
    for (const text of routes?.split(', ') ?? []) {
      const route = Grammar.nameAddrHeaderParse(text);
      if (route) addAddress(tally, route);
    }
    return tally.sum;
  },
  answerer(invite) {
    const request = read(invite) as IncomingRequestMessage;
    const options = {
      statusCode: 200,
      toTag: ANSWER.tag,
      extraHeaders: [`Contact: ${ANSWER.contact}`],
      body: {
        contentDisposition: 'session',
        contentType: 'application/sdp',
        content: ANSWER.sdp,
      },
    };
    return () => Buffer.from(constructOutgoingResponse(request, options).message);
  },
  writer(invite) {
    const message = read(invite) as IncomingRequestMessage;
    if (!message.ruri) throw new Error('no request');
    const { from, to, callId, cseq } = message;
    const names = ['Contact', 'Allow', 'Session-Expires', 'Subject'];
    const headers = names.map((name) => `${name}: ${message.getHeader(name)}`);
    const options = {
      callId,
      cseq,
      fromDisplayName: from.displayName,
      fromTag: message.fromTag,
      toDisplayName: to.displayName,
    };
    const request = new OutgoingRequestMessage(
      'INVITE',
      message.ruri,
      from.uri,
      to.uri,
      options,
      headers,
      {
        contentDisposition: 'session',
        contentType: 'application/sdp',
        content: message.body,
      },
    );
    request.setHeader('via', message.getHeader('via') ?? '');
    return () => Buffer.from(request.toString());
  },
};

const addAddress = (tally: Tally, address: NameAddrHeader): void => {
  const { uri } = address;
  tally.place(uri.host, uri.port);
  addParams(tally, uri.parameters);
  addParams(tally, address.parameters);
};

const addParams = (
  tally: Tally,
  params: Readonly<Record<string, string | number | null | undefined>>,
): void => {
  for (const name in params) tally.param(name, params[name]?.toString());
};
