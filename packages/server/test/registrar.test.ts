import { AuthParser, DigestAuth } from '@sipx/auth';
import { parseURI, type Response, type URI } from '@sipx/message';
import { Registrar, type RegistrarOptions } from '@sipx/server';
import { SeededIds } from '@sipx/testing';
import { describe, expect, test } from 'vitest';
import type { RawPeer } from '../../../test/support/raw-peer.ts';
import { ServerStage } from './server-stage.ts';

const DOMAIN = 'sip.example';

class RegistrarStage extends ServerStage {
  readonly registrar: Registrar;
  readonly #digest = new DigestAuth({
    credentials: { username: 'alice', password: 'wonderland' },
    ids: new SeededIds(3),
  });
  #sequence = 0;
  peerSide!: RawPeer;

  constructor(options: Partial<RegistrarOptions> = {}) {
    super();
    this.registrar = new Registrar({
      domain: DOMAIN,
      users: { alice: 'wonderland' },
      clock: this.clock,
      ids: new SeededIds(5),
      ...options,
    });
    this.server.use(this.registrar);
  }

  static async open(options?: Partial<RegistrarOptions>): Promise<RegistrarStage> {
    const stage = new RegistrarStage(options);
    stage.peerSide = await stage.peer();
    return stage;
  }

  /** A REGISTER with the right digest; its final response. */
  async register(changes: Record<string, string | undefined> = {}): Promise<Response> {
    await this.send(changes);
    const challenges = this.peerSide.responses.at(-1)?.headers.rawAll('WWW-Authenticate') ?? [];
    const Authorization = this.#digest.authorize({
      challenge: challenges.flatMap((text) => AuthParser.parseChallenges(text)),
      method: 'REGISTER',
      uri: `sip:${DOMAIN}`,
    });
    await this.send({ Authorization, ...changes });
    const response = this.peerSide.responses.at(-1);
    if (!response) throw new Error('no response came');
    return response;
  }

  /** One REGISTER as it is. */
  async send(changes: Record<string, string | undefined>): Promise<void> {
    this.#sequence += 1;
    const own = {
      From: `<sip:alice@${DOMAIN}>;tag=a`,
      To: `<sip:alice@${DOMAIN}>`,
      'Call-ID': 'registration',
      CSeq: `${this.#sequence} REGISTER`,
      Contact: '<sip:alice@192.0.2.2>',
    };
    await this.ask(this.peerSide, 'REGISTER', { ...own, ...changes }, `sip:${DOMAIN}`);
  }
}

const aliceAt = (): URI => parseURI(`sip:alice@${DOMAIN}`);

const contacts = (response: Response): string[] =>
  response.headers.getAll('Contact').map((value) => String(value));

describe('who registers', () => {
  test('is challenged statelessly, in each algorithm, and admitted with the right digest', async () => {
    const stage = await RegistrarStage.open();
    const response = await stage.register();
    expect(stage.peerSide.statuses).toEqual([401, 200]);
    const challenges = stage.peerSide.responses[0]?.headers.rawAll('WWW-Authenticate') ?? [];
    expect(challenges.map((text) => /algorithm=([\w-]+)/.exec(text)?.[1])).toEqual([
      'SHA-256',
      'MD5',
    ]);
    expect(contacts(response)).toEqual(['<sip:alice@192.0.2.2>;expires=3600']);
  });

  test('with a wrong password is challenged again, for another’s address refused', async () => {
    const stage = await RegistrarStage.open({ users: { alice: 'other' } });
    const again = await stage.register();
    expect(again.status).toBe(401);
    expect(again.to.tag).toBeDefined();
    await stage.send({ Authorization: 'Digest realm="' });
    expect(stage.peerSide.statuses.at(-1)).toBe(400);
    const other = await RegistrarStage.open();
    expect((await other.register({ To: `<sip:bob@${DOMAIN}>` })).status).toBe(403);
    expect((await other.register({ To: '<sip:alice@elsewhere.example>' })).status).toBe(404);
  });
});

describe('bindings (RFC 3261 10.3)', () => {
  test('a Contact’s expires goes before Expires, which goes before the default', async () => {
    const stage = await RegistrarStage.open();
    const response = await stage.register({
      Expires: '300',
      Contact: '<sip:a@192.0.2.2>;expires=120, <sip:b@192.0.2.2>',
    });
    expect(contacts(response)).toEqual([
      '<sip:b@192.0.2.2>;expires=300',
      '<sip:a@192.0.2.2>;expires=120',
    ]);
  });

  test('run out, are renewed by an equal URI, and go with expires=0', async () => {
    const stage = await RegistrarStage.open();
    await stage.register({ Expires: '100' });
    await stage.clock.runFor(60_000);
    await stage.register({ Expires: '100', Contact: '<sip:alice@192.0.2.2:5060>' });
    await stage.register({ Expires: '200', Contact: '<sip:%61lice@192.0.2.2>' });
    const bindings = await stage.registrar.lookup(aliceAt());
    expect(bindings.map(({ contact }) => String(contact))).toEqual([
      'sip:%61lice@192.0.2.2',
      'sip:alice@192.0.2.2:5060',
    ]);
    await stage.clock.runFor(150_000);
    expect(await stage.registrar.lookup(aliceAt())).toHaveLength(1);
    const gone = await stage.register({ Expires: '0', Contact: '<sip:alice@192.0.2.2>' });
    expect(contacts(gone)).toEqual([]);
  });

  test('all go with a Contact of * and Expires 0, and with nothing else beside it', async () => {
    const stage = await RegistrarStage.open();
    await stage.register();
    expect((await stage.register({ Contact: '*' })).status).toBe(400);
    expect((await stage.register({ Contact: '*, <sip:x@192.0.2.2>', Expires: '0' })).status).toBe(
      400,
    );
    expect(contacts(await stage.register({ Contact: undefined }))).toHaveLength(1);
    expect(contacts(await stage.register({ Contact: '*', Expires: '0' }))).toEqual([]);
  });

  test('too short a time is refused with 423 and Min-Expires, too long a one cut', async () => {
    const stage = await RegistrarStage.open({ expires: { min: 90, max: 1000 } });
    const refused = await stage.register({ Expires: '60' });
    expect(refused.status).toBe(423);
    expect(refused.headers.get('Min-Expires')).toBe(90);
    expect(contacts(await stage.register({ Expires: '9999' }))).toEqual([
      '<sip:alice@192.0.2.2>;expires=1000',
    ]);
  });

  test('an older REGISTER that comes late changes nothing', async () => {
    const stage = await RegistrarStage.open();
    await stage.register({ CSeq: '50 REGISTER' });
    // Past timer J: sooner it would be the same request, by another way (8.2.2.2).
    await stage.clock.runFor(40_000);
    expect((await stage.register({ CSeq: '50 REGISTER', Expires: '0' })).status).toBe(500);
    expect(await stage.registrar.lookup(aliceAt())).toHaveLength(1);
  });

  test('more than the limit are refused', async () => {
    const stage = await RegistrarStage.open({ maxBindings: 1 });
    await stage.register();
    expect((await stage.register({ Contact: '<sip:second@192.0.2.2>' })).status).toBe(403);
  });
});
