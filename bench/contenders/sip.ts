import { createRequire } from 'node:module';
import { ANSWER, type Contender, type Fields, Tally } from '../contender.ts';

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

interface Message {
  readonly method?: string;
  readonly status?: number;
  readonly headers: {
    readonly via: { readonly host: string; readonly port?: number; readonly params: Params }[];
    readonly from: Address;
    readonly to: Address;
    readonly contact?: Address[];
    readonly route?: Address[];
    readonly 'record-route'?: Address[];
    readonly 'call-id': string;
    readonly cseq: { readonly seq: number };
  };
}

interface Extension {
  readonly headers: Record<string, unknown>;
  readonly content: string;
}

const require = createRequire(import.meta.url);
const lib = require('sip') as {
  parse(bytes: Buffer): Message;
  parseUri(uri: string | URI): URI | undefined;
  parseAOR(data: { s: string; i: number }): Address;
  makeResponse(request: Message, status: number, reason: string, extension: Extension): Message;
  stringify(message: Message): string;
};

export const sip: Contender = {
  name: 'sip',
  parse: (bytes) => lib.parse(bytes),
  fields(bytes): Fields {
    const { method, status, headers } = lib.parse(bytes);
    return [
      method ?? status ?? '',
      headers.via[0]?.params['branch'] ?? '',
      headers.from.params['tag'] ?? '',
      headers.to.params['tag'] ?? '',
      headers['call-id'],
      headers.cseq.seq,
      String(headers.contact?.[0]?.uri ?? ''),
    ];
  },
  deep(bytes) {
    const { headers } = lib.parse(bytes);
    const tally = new Tally();
    for (const { host, port, params } of headers.via) {
      tally.place(host, port);
      addParams(tally, params);
    }
    addAddress(tally, headers.from);
    addAddress(tally, headers.to);
    for (const one of headers.contact ?? []) addAddress(tally, one);
    for (const one of headers.route ?? []) addAddress(tally, one);
    for (const one of headers['record-route'] ?? []) addAddress(tally, one);
    return tally.sum;
  },
  answerer(invite) {
    const request = lib.parse(invite);
    const contact = [lib.parseAOR({ s: ANSWER.contact, i: 0 })];
    const headers = { contact, 'content-type': 'application/sdp' };
    return () => {
      const response = lib.makeResponse(request, 200, 'OK', { headers, content: ANSWER.sdp });
      // As its readme does it.
      response.headers.to.params['tag'] = ANSWER.tag;
      return Buffer.from(lib.stringify(response), 'latin1');
    };
  },
  writer(invite) {
    const request = lib.parse(invite);
    return () => Buffer.from(lib.stringify(request), 'latin1');
  },
};

const addAddress = (tally: Tally, { uri, params }: Address): void => {
  const read = lib.parseUri(uri);
  if (read) {
    tally.place(read.host, read.port);
    addParams(tally, read.params);
  }
  addParams(tally, params);
};

const addParams = (tally: Tally, params: Params): void => {
  for (const name in params) tally.param(name, params[name]);
};
