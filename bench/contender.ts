/** What a transaction layer needs: method or status, Via branch, From tag, To tag, Call-ID, CSeq, Contact URI. */
export type Fields = readonly [
  start: string | number,
  branch: string,
  fromTag: string,
  toTag: string,
  callId: string,
  cseq: string | number,
  contact: string,
];

/** What the 200 of `build200` says beside what it takes over. */
export const ANSWER = {
  tag: 'a6c85cf09912',
  contact: '<sip:bob@192.0.2.44:5060>',
  sdp: [
    'v=0',
    'o=bob 2808844564 2808844564 IN IP4 192.0.2.44',
    's=-',
    'c=IN IP4 192.0.2.44',
    't=0 0',
    'm=audio 3456 RTP/AVP 0 101',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    '',
  ].join('\r\n'),
} as const;

/** A parser that runs in this process. A level that it does not have is left out. */
export interface Contender {
  readonly name: string;
  /** From octets to whatever it calls a message. */
  parse?(bytes: Buffer): unknown;
  fields(bytes: Buffer): Fields;
  /** `tally` of every Via, From, To, Contact, Route and Record-Route. */
  deep?(bytes: Buffer): number;
  /** Its `deep` leaves some parameters of Via out. */
  readonly losesParameters?: true;
  /** From a request that was parsed, and read for its fields, before: a 200 with SDP, as octets. */
  answerer?(invite: Buffer): () => Uint8Array;
  /** An INVITE of the same fields that is there as its objects, to octets. */
  writer?(invite: Buffer): () => Uint8Array;
}

/** A sum that only who has read every host, port and parameter can give: places times a million, and parameters. */
export class Tally {
  private places = 0;
  private params = 0;

  place(host: string | undefined, port: number | undefined): void {
    this.places += (host?.length ?? 0) + (port || 0);
  }

  param(name: string, value: string | null | undefined): void {
    this.params += name.length + (value?.length ?? 0);
  }

  get sum(): number {
    return this.places * 1_000_000 + this.params;
  }
}

/** Whose parameters are lost has the places right. */
export const placesOf = (sum: number): number => Math.floor(sum / 1_000_000);
