import { createRequire } from 'node:module';
import { type Contender, type Fields, Tally } from '../contender.ts';

type Params = Record<string, string | null | undefined>;

interface Address {
  readonly uri: string | URI;
  readonly params: Params;
}

interface URI {
  readonly host: string;
  readonly port: number;
  readonly params: Params;
}

interface Parsed {
  via: { readonly host: string; readonly port?: number; readonly params: Params }[];
  from: Address;
  to: Address;
  contact: Address[];
  route: Address[];
  'record-route': Address[];
  cseq: { readonly seq: number };
}

interface Message {
  readonly method?: string;
  readonly status?: number;
  has(name: string): boolean;
  get(name: string): string | undefined;
  getParsedHeader<Name extends keyof Parsed>(name: Name): Parsed[Name];
  toString(): string;
}

const require = createRequire(import.meta.url);
const SipMessage = require('drachtio-srf/lib/sip-parser/message.js') as {
  new (text: string): Message;
  parseUri(uri: string | URI): URI | undefined;
};

/** It has no answers to build: its C++ server does that. */
export const drachtio: Contender = {
  name: 'drachtio-srf',
  parse: (bytes) => new SipMessage(bytes.toString()),
  fields(bytes): Fields {
    const message = new SipMessage(bytes.toString());
    const contact = message.has('contact') ? message.getParsedHeader('contact') : [];
    return [
      message.method ?? message.status ?? '',
      message.getParsedHeader('via')[0]?.params['branch'] ?? '',
      message.getParsedHeader('from').params['tag'] ?? '',
      message.getParsedHeader('to').params['tag'] ?? '',
      message.get('call-id') ?? '',
      message.getParsedHeader('cseq').seq,
      String(contact[0]?.uri ?? ''),
    ];
  },
  deep(bytes) {
    const message = new SipMessage(bytes.toString());
    const tally = new Tally();
    for (const { host, port, params } of message.getParsedHeader('via')) {
      tally.place(host, port);
      addParams(tally, params);
    }
    addAddress(tally, message.getParsedHeader('from'));
    addAddress(tally, message.getParsedHeader('to'));
    for (const name of LISTS) {
      if (!message.has(name)) continue;
      for (const one of message.getParsedHeader(name)) addAddress(tally, one);
    }
    return tally.sum;
  },
  writer(invite) {
    const request = new SipMessage(invite.toString());
    return () => Buffer.from(request.toString());
  },
};

const LISTS = ['contact', 'route', 'record-route'] as const;

const addAddress = (tally: Tally, { uri, params }: Address): void => {
  const read = SipMessage.parseUri(uri);
  if (read) {
    tally.place(read.host, read.port);
    addParams(tally, read.params);
  }
  addParams(tally, params);
};

const addParams = (tally: Tally, params: Params): void => {
  for (const name in params) tally.param(name, params[name]);
};
