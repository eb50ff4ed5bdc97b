import {
  type Connection,
  NetworkError,
  parseAddress,
  type TransportAddress,
} from '@sipx/contracts';
import { type Connect, ConnectionPool } from '@sipx/transport';
import { describe, expect, it } from 'vitest';

const BOB = parseAddress('tcp:192.0.2.1:5060');
const TLS = parseAddress('tls:192.0.2.1:5061');

/** Attempts that the test settles by hand. */
const setUp = () => {
  const attempts: {
    to: TransportAddress;
    servername: string | undefined;
    signal: AbortSignal | undefined;
    done: (connection: Connection) => void;
    fail: (error: Error) => void;
  }[] = [];
  const connect: Connect = (to, { signal, servername }) =>
    new Promise((done, fail) => attempts.push({ to, servername, signal, done, fail }));
  return { pool: new ConnectionPool(connect), attempts };
};

const connection = (to = BOB): Connection & { closes: number } => ({
  id: 'a',
  protocol: to.protocol,
  local: { ...to, port: 40_000 },
  remote: to,
  reliable: true,
  secure: to.protocol === 'tls',
  closes: 0,
  send: () => true,
  close() {
    this.closes += 1;
  },
});

describe('ConnectionPool', () => {
  it('makes one connection for all who ask, at once and later', async () => {
    const { pool, attempts } = setUp();
    const asked = [pool.get(BOB), pool.get(BOB), pool.get({ ...BOB })];
    expect(pool.connecting).toBe(1);
    const made = connection();
    attempts[0]?.done(made);
    expect(await Promise.all([...asked, pool.get(BOB)])).toEqual([made, made, made, made]);
    expect([attempts.length, pool.size, pool.connecting]).toEqual([1, 1, 0]);
  });

  it('makes one for each address and protocol', () => {
    const { pool, attempts } = setUp();
    const addresses = [BOB, { ...BOB, port: 5061 }, { ...BOB, host: '::1' }, TLS];
    for (const to of addresses) void pool.get(to);
    expect(attempts.map(({ to }) => to)).toEqual(addresses);
  });

  it('shares a secure connection among those who expect the same name', () => {
    const { pool, attempts } = setUp();
    for (const servername of ['a.example', 'b.example', 'A.example']) {
      void pool.get(TLS, { servername });
      void pool.get(BOB, { servername });
    }
    expect(attempts.map(({ to, servername }) => `${to.protocol} ${servername}`)).toEqual([
      'tls a.example',
      'tcp a.example',
      'tls b.example',
    ]);
  });

  it('makes another once one has closed', async () => {
    const { pool, attempts } = setUp();
    const [first, second] = [connection(), connection()];
    const asked = pool.get(BOB);
    attempts[0]?.done(first);
    await asked;
    pool.closed(first);
    expect(pool.size).toBe(0);
    const again = pool.get(BOB);
    attempts[1]?.done(second);
    expect(await again).toBe(second);
    // The old one's news is not the new one's.
    pool.closed(first);
    expect(await pool.get(BOB)).toBe(second);
  });

  it('gives nobody a connection that closed while it was handed over', async () => {
    const { pool, attempts } = setUp();
    const asked = pool.get(BOB);
    const made = connection();
    attempts[0]?.done(made);
    pool.closed(made);
    await expect(asked).rejects.toMatchObject({ code: 'SIPX_TRANSPORT_CLOSED' });
    expect(pool.size).toBe(0);
  });

  it('tells a failure to all who wait, and tries again for the next', async () => {
    const { pool, attempts } = setUp();
    const error = new NetworkError('SIPX_TRANSPORT_CONNECT', 'refused');
    const asked = [pool.get(BOB), pool.get(BOB, { signal: new AbortController().signal })];
    attempts[0]?.fail(error);
    for (const each of asked) await expect(each).rejects.toBe(error);
    void pool.get(BOB);
    expect(attempts.length).toBe(2);
  });

  it('gives up for one without giving up for another', async () => {
    const { pool, attempts } = setUp();
    const impatient = new AbortController();
    const patient = new AbortController();
    const given = pool.get(BOB, { signal: impatient.signal });
    const waiting = pool.get(BOB, { signal: patient.signal });
    impatient.abort('late');
    await expect(given).rejects.toMatchObject({ code: 'SIPX_ABORTED', cause: 'late' });
    expect(attempts[0]?.signal?.aborted).toBe(false);
    const made = connection();
    attempts[0]?.done(made);
    expect(await waiting).toBe(made);
    patient.abort();
    expect(made.closes).toBe(0);
  });

  it('gives up the attempt when nobody waits for it any more', async () => {
    const { pool, attempts } = setUp();
    const controllers = [new AbortController(), new AbortController()];
    const asked = controllers.map(({ signal }) => pool.get(BOB, { signal }));
    for (const controller of controllers) controller.abort();
    for (const each of asked) await expect(each).rejects.toMatchObject({ code: 'SIPX_ABORTED' });
    expect(attempts[0]?.signal?.aborted).toBe(true);
    // Who comes now does not join what was given up, and what came too late is closed.
    const again = pool.get(BOB);
    const [late, made] = [connection(), connection()];
    attempts[0]?.done(late);
    attempts[1]?.done(made);
    expect(await again).toBe(made);
    expect([late.closes, made.closes, pool.size]).toEqual([1, 0, 1]);
  });

  it('refuses a signal that is aborted already', async () => {
    const { pool, attempts } = setUp();
    const asked = pool.get(BOB, { signal: AbortSignal.abort() });
    await expect(asked).rejects.toMatchObject({ code: 'SIPX_ABORTED' });
    expect(attempts).toEqual([]);
  });

  it('sends on a connection that the peer opened, the newest one', async () => {
    const { pool, attempts } = setUp();
    const [old, newest] = [connection(), connection()];
    pool.adopt(old);
    pool.adopt(newest);
    pool.closed(old);
    expect(await pool.get(BOB)).toBe(newest);
    expect(attempts).toEqual([]);
  });

  it('closes everything, and makes nothing any more', async () => {
    const { pool, attempts } = setUp();
    const [open, older] = [connection(), connection()];
    pool.adopt(older);
    pool.adopt(open);
    const asked = pool.get(TLS);
    pool.close();
    expect([open.closes, older.closes]).toEqual([1, 1]);
    expect(attempts[0]?.signal?.aborted).toBe(true);
    const late = connection(TLS);
    attempts[0]?.done(late);
    await expect(asked).rejects.toMatchObject({ code: 'SIPX_CLOSED' });
    expect(late.closes).toBe(1);
    await expect(pool.get(BOB)).rejects.toMatchObject({ code: 'SIPX_CLOSED' });
  });
});
