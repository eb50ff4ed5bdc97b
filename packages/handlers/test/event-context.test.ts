import { inspect } from 'node:util';
import { EventContext, HandlerChain, Retry } from '@sipx/handlers';
import { describe, expect, it, vi } from 'vitest';
import { contextOf, requestOf, responseOf } from './messages.ts';

const auth = { username: 'alice', password: 's3cret' };

describe('a context', () => {
  it('refuses to send again what came in, and says what to check', () => {
    const context = contextOf({ direction: 'in' });
    expect(() => context.retry((request) => request)).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        code: 'SIPX_USAGE_STATE',
        message: expect.stringContaining("context.direction === 'out'"),
      }),
    );
  });

  it('shows no credentials when it is logged', () => {
    const context = contextOf({ auth });
    expect(context.auth).toBe(auth);
    const shown = inspect(context, { depth: 9, showHidden: true }) + JSON.stringify({ ...context });
    expect(shown).not.toContain('s3cret');
  });

  it('goes on into the next attempt with all but what belonged to the last', () => {
    const dialogId = { callId: 'c', localTag: 'l', remoteTag: 'r' };
    const destination = { protocol: 'udp', host: '192.0.2.1', port: 5060 } as const;
    const first = contextOf({ auth, dialogId, destination, transactionId: 'z9hG4bKa' });
    first.response = responseOf(401);
    first.metadata.set('seen', true);
    const request = requestOf();
    const second = first.next(request);
    expect(second).toBeInstanceOf(EventContext);
    expect([first.attempt, second.attempt, second.next(request).attempt]).toEqual([1, 2, 3]);
    expect(second).toMatchObject({ direction: 'out', dialogId, auth });
    expect(second.request).toBe(request);
    expect(second.metadata).toBe(first.metadata);
    expect(second.clock).toBe(first.clock);
    expect(second.signal).toBe(first.signal);
    expect(second.response).toBeUndefined();
    expect(second.transactionId).toBeUndefined();
    expect(second.destination).toBeUndefined();
  });
});

describe('a retry', () => {
  it('is known by its brand, in another copy of the package too', async () => {
    vi.resetModules();
    const other = await import('@sipx/handlers');
    expect(other.Retry).not.toBe(Retry);
    const foreign = new other.Retry((request) => request);
    expect(Retry.is(foreign)).toBe(true);
    for (const value of [undefined, null, {}, 'retry', { change: () => {}, after: 0 }]) {
      expect(Retry.is(value)).toBe(false);
    }
    const chain = new HandlerChain([{ onResponse: () => foreign }]);
    expect(chain.runResponse(responseOf(503), contextOf())).toBe(foreign);
  });
});
