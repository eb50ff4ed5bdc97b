import {
  isSipURI,
  type Message,
  type NameAddr,
  parseMessage,
  Request,
  type ReadonlyParams,
  responseTo,
  serialize,
} from '@sipx/message';
import { ANSWER, type Contender, type Fields, Tally } from '../contender.ts';

export const sipx: Contender = {
  name: 'sipx',
  parse: (bytes) => parseMessage(bytes),
  fields: (bytes) => fieldsOf(parseMessage(bytes)),
  deep(bytes) {
    const { headers } = parseMessage(bytes);
    const tally = new Tally();
    for (const via of headers.getAll('Via')) {
      tally.place(via.host, via.port);
      addParams(tally, via.params);
    }
    for (const name of ADDRESSES) for (const one of headers.getAll(name)) addAddress(tally, one);
    // What no other contender takes apart all of: it shall not be said that these were left unread.
    for (const name of OTHERS) headers.get(name);
    return tally.sum;
  },
  answerer(invite) {
    const request = parseMessage(invite);
    fieldsOf(request);
    if (request.type !== 'request') throw new Error('no request');
    const { tag, contact, sdp } = ANSWER;
    const headers = { Contact: contact, 'Content-Type': 'application/sdp' };
    return () => serialize(responseTo(request, 200, { toTag: tag, headers, body: sdp }));
  },
  writer(invite) {
    const request = asBuilt(parseMessage(invite));
    return () => serialize(request);
  },
};

/** The same INVITE as it goes out again untouched, as a proxy's does: the octets that came in. */
export const untouched = (invite: Buffer): (() => Uint8Array) => {
  const message = parseMessage(invite);
  return () => serialize(message);
};

export const fieldsOf = (message: Message): Fields => [
  message.type === 'request' ? message.method : message.status,
  message.via.branch ?? '',
  message.from.tag ?? '',
  message.to.tag ?? '',
  message.callId,
  message.cseq.sequence,
  message.contact?.uri.toString() ?? '',
];

const ADDRESSES = ['From', 'To', 'Contact', 'Route', 'Record-Route'] as const;
const OTHERS = [
  'CSeq',
  'Max-Forwards',
  'Expires',
  'Content-Length',
  'Content-Type',
  'Session-Expires',
  'Event',
  'Subscription-State',
];

/** As a program makes one: no field of it is a piece of what came in. */
const asBuilt = (message: Message): Request => {
  if (message.type !== 'request') throw new Error('no request');
  const { method, uri, content } = message;
  return new Request({ method, uri, headers: [...message.headers], body: content });
};

const addAddress = (tally: Tally, { uri, params }: NameAddr): void => {
  if (isSipURI(uri)) {
    tally.place(uri.host, uri.port);
    addParams(tally, uri.params);
  }
  addParams(tally, params);
};

const addParams = (tally: Tally, params: ReadonlyParams): void =>
  params.forEach((value, name) => tally.param(name, value));
