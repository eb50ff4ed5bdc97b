import { createRequire } from 'node:module';
import { ANSWER, type Contender, type Fields, Tally } from '../contender.ts';

type Params = Record<string, string | null | undefined>;

interface URI {
  readonly host: string;
  readonly port?: number;
  readonly _parameters: Params;
  toString(): string;
}

interface Address {
  readonly uri: URI;
  readonly _parameters: Params;
}

interface Via {
  readonly host: string;
  readonly port?: number;
  readonly branch?: string;
  readonly received?: string;
}

interface Message {
  readonly method: string;
  readonly status_code?: number;
  readonly ruri: URI;
  readonly via_branch: string;
  readonly from: Address & { readonly display_name?: string };
  readonly from_tag?: string;
  readonly to: Address & { readonly display_name?: string };
  readonly to_tag?: string;
  readonly call_id: string;
  readonly cseq: number;
  readonly body: string;
  server_transaction: { receiveResponse(status: number, text: string): void };
  getHeader(name: string): string | undefined;
  getHeaders(name: string): string[];
  parseHeader(name: 'via', at?: number): Via | undefined;
  parseHeader(name: string, at?: number): Address | undefined;
  reply(status: number, reason: string, headers: string[], body: string): void;
}

interface OutgoingRequest {
  setHeader(name: string, value: string): void;
  toString(): string;
}

const require = createRequire(import.meta.url);
const { parseMessage } = require('jssip/lib/Parser.js') as {
  parseMessage(text: string, agent: object): Message;
};
const lib = require('jssip/lib/SIPMessage.js') as {
  OutgoingRequest: new (
    method: string,
    uri: URI,
    agent: object,
    params: object,
    headers: string[],
    body: string,
  ) => OutgoingRequest;
};

/** As much of a user agent as its messages ask for. */
const agent = { configuration: { jssip_id: 'bench' }, contact: {}, transport: {} };

export const jssip: Contender = {
  name: 'jssip',
  losesParameters: true,
  parse: (bytes) => parseMessage(bytes.toString(), agent),
  fields(bytes): Fields {
    const message = parseMessage(bytes.toString(), agent);
    return [
      message.status_code ?? message.method,
      message.via_branch,
      message.from_tag ?? '',
      message.to_tag ?? '',
      message.call_id,
      message.cseq,
      String(message.parseHeader('contact')?.uri ?? ''),
    ];
  },
  deep(bytes) {
    const message = parseMessage(bytes.toString(), agent);
    const tally = new Tally();
    for (let at = message.getHeaders('via').length - 1; at >= 0; at -= 1) {
      const via = message.parseHeader('via', at);
      tally.place(via?.host, via?.port);
      tally.param('branch', via?.branch);
    }
    addAddress(tally, message.from);
    addAddress(tally, message.to);
    for (const name of ['contact', 'record-route']) {
      for (let at = message.getHeaders(name).length - 1; at >= 0; at -= 1) {
        const address = message.parseHeader(name, at);
        if (address) addAddress(tally, address);
      }
    }
    // One header holds them all: it reads the first alone.
    const [routes] = message.getHeaders('route');
    for (const text of routes?.split(', ') ?? []) addAddress(tally, routeOf(text));
    return tally.sum;
  },
  answerer(invite) {
    const request = parseMessage(invite.toString(), agent);
    const headers = [`Contact: ${ANSWER.contact}`, 'Content-Type: application/sdp'];
    let bytes: Uint8Array = new Uint8Array(0);
    request.server_transaction = {
      receiveResponse: (_, text) => {
        bytes = Buffer.from(text);
      },
    };
    return () => {
      request.reply(200, 'OK', headers, ANSWER.sdp);
      return bytes;
    };
  },
  writer(invite) {
    const message = parseMessage(invite.toString(), agent);
    const { from, to, call_id, cseq, body } = message;
    const params = {
      from_uri: from.uri,
      from_display_name: from.display_name,
      from_tag: message.from_tag,
      to_uri: to.uri,
      to_display_name: to.display_name,
      call_id,
      cseq,
    };
    // It writes Max-Forwards, Allow, Supported, User-Agent and Content-Length by itself.
    const names = ['Contact', 'Session-Expires', 'Subject', 'Content-Type'];
    const headers = names.map((name) => `${name}: ${message.getHeader(name)}`);
    const request = new lib.OutgoingRequest('INVITE', message.ruri, agent, params, headers, body);
    request.setHeader('via', message.getHeader('via') ?? '');
    return () => Buffer.from(request.toString());
  },
};

const { parse: parseRoute } = require('jssip/lib/NameAddrHeader.js') as {
  parse(text: string): Address;
};
const routeOf = (text: string): Address => parseRoute(text);

const addAddress = (tally: Tally, { uri, _parameters: params }: Address): void => {
  tally.place(uri.host, uri.port);
  addParams(tally, uri._parameters);
  addParams(tally, params);
};

const addParams = (tally: Tally, params: Params): void => {
  for (const name in params) tally.param(name, params[name]);
};
