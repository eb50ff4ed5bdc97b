import type { Clock, MediaOptions, MediaSession } from '@sipx/contracts';
import { ProtocolError } from '@sipx/contracts';
import type { EndpointOptions } from '@sipx/endpoint';
import { HandlerChain } from '@sipx/handlers';
import { NameAddr, parseURI, type SipURI } from '@sipx/message';
import { type Call, type CallMedia, UserAgent } from '@sipx/session';
import { HERE, PEER } from '../../../test/support/hosts.ts';
import { peerRequest, peerResponse } from '../../../test/support/peer-messages.ts';
import type { RawPeer } from '../../../test/support/raw-peer.ts';
import { Stage } from '../../../test/support/stage.ts';

export const OFFER = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n';
export const ANSWER = 'v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\ns=-\r\nt=0 0\r\n';

export class FakeMedia implements MediaSession {
  readonly told: string[] = [];
  refuses = false;
  /** Milliseconds that an answer takes; asynchronous when given. */
  slow: { readonly clock: Clock; readonly ms: number } | undefined;

  createOffer(_: MediaOptions): string {
    return OFFER;
  }

  createAnswer(offer: string, _: MediaOptions): string | Promise<string> {
    if (this.refuses) throw new ProtocolError('SIPX_MEDIA_INCOMPATIBLE', 'nothing in common');
    this.told.push(`offer ${offer}`);
    const { slow } = this;
    if (!slow) return ANSWER;
    return new Promise((resolve) => slow.clock.start(slow.ms, () => resolve(ANSWER)));
  }

  setAnswer(answer: string): void | Promise<void> {
    if (this.refuses) throw new ProtocolError('SIPX_MEDIA_INCOMPATIBLE', 'not an answer');
    this.told.push(`answer ${answer}`);
    const { slow } = this;
    if (slow) return new Promise((resolve) => slow.clock.start(slow.ms, resolve));
  }

  close(): void {
    this.told.push('close');
  }
}

interface AgentStageOptions extends EndpointOptions {
  /** How the peer talks to us. */
  readonly protocol?: 'udp' | 'tcp';
  readonly ringTimeout?: number | 'default';
}

/** A user agent that answers nothing by itself, and the peer that it talks to. */
export class AgentStage extends Stage {
  readonly chain: HandlerChain = new HandlerChain();
  readonly agent: UserAgent;
  readonly incoming: Call[] = [];
  peerSide!: RawPeer;

  constructor({ ringTimeout = 60_000, ...options }: AgentStageOptions) {
    super(options);
    const { endpoint, chain } = this;
    this.agent = new UserAgent({
      endpoint,
      chain,
      contactUser: 'here',
      ...(ringTimeout !== 'default' && { ringTimeout }),
    });
  }

  static async open(options: AgentStageOptions = {}): Promise<AgentStage> {
    const { protocol = 'udp', ...others } = options;
    const stage = new AgentStage(others);
    const { agent, chain, endpoint, incoming } = stage;
    endpoint.attach({
      chain,
      takesRest: true,
      claims: (request) => agent.claims(request),
      receive: (request) => {
        if (!agent.receiveInDialog(request)) incoming.push(agent.incomingCall(request));
      },
      acknowledge: (ack) => agent.acknowledge(ack),
    });
    stage.peerSide = await stage.peer(protocol);
    return stage;
  }

  async call(media: CallMedia = { body: OFFER }): Promise<Call> {
    const from = new NameAddr({ uri: `sip:here@${HERE}` });
    const call = this.agent.call(from, parseURI(`sip:peer@${PEER}`) as SipURI, media, {});
    await this.settle();
    return call;
  }

  /** The peer calls, with an offer or with an empty body. */
  async called(body: string = OFFER): Promise<Call> {
    await this.peerSide.send(invite(body, this.peerSide.target.protocol));
    const call = this.incoming.at(-1);
    if (!call) throw new Error('no call came in');
    return call;
  }

  /** The peer answers the INVITE that it got first. */
  async reply(
    status: number,
    changes: Record<string, string> = {},
    body: string = '',
  ): Promise<void> {
    const request = this.peerSide.requests.find(({ method }) => method === 'INVITE');
    if (!request) throw new Error('the peer has got no INVITE');
    await this.peerSide.send(
      peerResponse(request, status, {
        ...(status > 100 && { Contact: `<sip:peer@${PEER}:5060>` }),
        ...(body && { 'Content-Type': 'application/sdp' }),
        'Content-Length': String(body.length),
        ...changes,
      }) + body,
    );
  }

  /** The peer's requests and responses so far, in a word each. */
  get heard(): string[] {
    return this.peerSide.messages.map((message) =>
      message.type === 'request' ? message.method : `${message.status} ${message.cseq.method}`,
    );
  }
}

const invite = (body: string, protocol: string): string =>
  peerRequest(
    'INVITE',
    {
      Contact: `<sip:peer@${PEER}:5060;transport=${protocol}>`,
      'Content-Type': body === '' ? undefined : 'application/sdp',
      'Content-Length': String(body.length),
    },
    `sip:here@${HERE}`,
  ) + body;

/** A request of the peer inside the dialog that its INVITE made. */
export const inDialog = (
  stage: AgentStage,
  method: string,
  changes: Record<string, string> = {},
  body: string = '',
): string => {
  const made = stage.peerSide.responses.find(({ to }) => to.tag !== undefined);
  return (
    peerRequest(
      method,
      {
        Via: `SIP/2.0/UDP ${PEER};branch=z9hG4bK${method}${Number.parseInt(changes['CSeq'] ?? '2', 10)}`,
        To: made?.headers.raw('To'),
        CSeq: `2 ${method}`,
        ...(body && { 'Content-Type': 'application/sdp' }),
        'Content-Length': String(body.length),
        ...changes,
      },
      `sip:here@${HERE}`,
    ) + body
  );
};

export const ackOf = (stage: AgentStage, body: string = ''): string =>
  inDialog(stage, 'ACK', { CSeq: '1 ACK' }, body);
