import { once } from 'node:events';
import { createServer } from 'node:net';
import { type RTPSession, rtp, tune } from '@sipx/media';
import {
  cryptoIds,
  type Endpoint,
  isSipURI,
  Proxy,
  Registrar,
  type Request,
  type ServerContext,
  SIPServer,
  SIPXError,
  type SipURI,
} from 'sipx';

/**
 * The domain is the address itself: any phone on this machine reaches it by `sip:name@127.0.0.1:port`, with no
 * name to resolve and no outbound proxy to set.
 */
const HOST = '127.0.0.1';
const USERS = ['alice', 'bob', 'carol', 'dave'] as const;
const BIND_ATTEMPTS = 10;

export type User = (typeof USERS)[number];

/** What answers by itself, and what it says. Anybody may call it. */
const services: Readonly<Record<string, (media: RTPSession) => void>> = {
  /** Returns your audio. */
  echo: (media) => media.echo(),
  /** Plays a generated tune. */
  music: (media) => void media.play(tune(), { loop: true }),
};

/** A small PBX on the loopback interface: registrar, proxy with digest, and services, over UDP and TCP. */
export class Pbx {
  readonly host: string = HOST;
  readonly port: number;
  /** Passwords by user, made for this run. */
  readonly users: Readonly<Record<User, string>>;
  readonly #server: SIPServer;

  private constructor(server: SIPServer, port: number, users: Readonly<Record<User, string>>) {
    this.#server = server;
    this.port = port;
    this.users = users;
    const registrar = new Registrar({ domain: HOST, users });
    server
      .use(registrar)
      .invite(answerAsService)
      .use(
        new Proxy({
          target: ({ request }) => reach(registrar, request),
          authenticate: {
            realm: HOST,
            users,
            when: (request) => request.method === 'INVITE' && serviceOf(request) === undefined,
          },
        }),
      );
  }

  /** Both transports get the same port, so that one address serves for both. Rejects with SIPX_TRANSPORT_BIND. */
  static async start(): Promise<Pbx> {
    const ids = cryptoIds();
    const password = (): string => ids.token();
    const users = { alice: password(), bob: password(), carol: password(), dave: password() };
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const server = new SIPServer({
        listen: [`udp:${HOST}:${port}`, `tcp:${HOST}:${port}`],
        product: 'SIPX demo PBX',
      });
      try {
        await server.listen();
        return new Pbx(server, port, users);
      } catch (error) {
        await server.close();
        // Free on TCP says nothing of UDP, and somebody else may have been faster.
        const taken = error instanceof SIPXError && error.code === 'SIPX_TRANSPORT_BIND';
        if (!taken || attempt === BIND_ATTEMPTS) throw error;
      }
    }
  }

  get endpoint(): Endpoint {
    return this.#server.endpoint;
  }

  uriOf(name: string): string {
    return `sip:${name}@${this.host}:${this.port}`;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

const answerAsService = async (context: ServerContext): Promise<'handled' | undefined> => {
  const speak = services[serviceOf(context.request) ?? ''];
  if (!speak) return undefined;
  const media = rtp({ address: HOST });
  speak(media);
  return context.accept({ media });
};

const serviceOf = ({ uri }: Request): string | undefined => {
  const user = isSipURI(uri) ? uri.user?.toLowerCase() : undefined;
  return user !== undefined && Object.hasOwn(services, user) ? user : undefined;
};

/** The latest binding of a user of ours; 480 for one who is not registered, 404 for strangers: no open relay. */
const reach = async (registrar: Registrar, { uri }: Request): Promise<SipURI | number> => {
  if (!isSipURI(uri) || !registrar.serves(uri)) return 404;
  const [binding] = await registrar.lookup(uri);
  if (binding) return binding.contact;
  const user = uri.user?.toLowerCase();
  return USERS.some((name) => name === user) ? 480 : 404;
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};
