import { NetworkError, SIPXError } from '@sipx/contracts';
import { EventHandler, HandlerChain, Retry } from '@sipx/handlers';
import type { Request } from '@sipx/message';
import { describe, expect, it } from 'vitest';
import { contextOf, requestOf, responseOf } from './messages.ts';

const error = new NetworkError('SIPX_TRANSACTION_TIMEOUT', 'no answer');
const again = (request: Request): Request => request;

/** Tells its name at each message. */
const teller = (name: string, told: string[], late = false): EventHandler => {
  const tell = (): void | Promise<void> => {
    told.push(name);
    return late ? Promise.resolve() : undefined;
  };
  return { onRequest: tell, onResponse: tell, onError: tell };
};

describe('the order', () => {
  it.each([false, true])('is that of adding, for all three (async: %s)', async (late) => {
    const told: string[] = [];
    const chain = new HandlerChain([teller('a', told)]);
    chain.addHandler(teller('b', told, late)).addHandler(teller('c', told));
    const context = contextOf();
    const request = requestOf();
    const response = responseOf(200);
    expect(await chain.runRequest(request, context)).toBe(request);
    expect(await chain.runResponse(response, context)).toBe(response);
    expect(await chain.runError(error, context)).toBe(error);
    expect(told.join('')).toBe('abcabcabc');
  });

  it('changes by removing, and not for a pass that is under way', async () => {
    const told: string[] = [];
    const last = teller('last', told);
    const chain = new HandlerChain();
    const first: EventHandler = {
      async onRequest() {
        chain.removeHandler(last);
        chain.addHandler(teller('new', told));
      },
    };
    chain.addHandler(first).addHandler(last);
    await chain.runRequest(requestOf(), contextOf());
    expect(told).toEqual(['last']);
    expect(chain.handlers).toEqual([first, expect.anything()]);
    expect(chain.removeHandler(last)).toBe(false);
    expect(chain.removeHandler(first)).toBe(true);
    chain.runRequest(requestOf(), contextOf());
    expect(told).toEqual(['last', 'new']);
  });
});

describe('a pass', () => {
  it('is synchronous until a handler is not', async () => {
    const told: string[] = [];
    const chain = new HandlerChain([teller('a', told)]);
    const request = requestOf();
    expect(chain.runRequest(request, contextOf())).toBe(request);
    chain.addHandler(teller('b', told, true)).addHandler(teller('c', told));
    const result = chain.runRequest(request, contextOf());
    expect(result).toBeInstanceOf(Promise);
    expect(told.join('')).toBe('aab');
    expect(await result).toBe(request);
    expect(told.join('')).toBe('aabc');
  });

  it('of an empty chain gives back what it got', () => {
    const chain = new HandlerChain();
    const context = contextOf();
    const request = requestOf();
    const response = responseOf(180);
    expect(chain.isEmpty).toBe(true);
    expect(chain.runRequest(request, context)).toBe(request);
    expect(chain.runResponse(response, context)).toBe(response);
    expect(chain.runError(error, context)).toBe(error);
    expect(context).toMatchObject({ request, response });
  });

  it.each([false, true])('goes on with what a handler returned (async: %s)', async (late) => {
    const give = <T>(value: T): T | Promise<T> => (late ? Promise.resolve(value) : value);
    const changed = requestOf('MESSAGE');
    const ringing = responseOf(183);
    const seen: unknown[] = [];
    const chain = new HandlerChain([
      { onRequest: () => give(changed), onResponse: () => give(ringing) },
      {
        onRequest: (request, context) => void seen.push(request, context.request),
        onResponse: (response, context) => void seen.push(response, context.response),
      },
    ]);
    const context = contextOf();
    expect(await chain.runRequest(requestOf(), context)).toBe(changed);
    expect(await chain.runResponse(responseOf(180), context)).toBe(ringing);
    expect(seen).toEqual([changed, changed, ringing, ringing]);
  });

  it.each([false, true])('ends with a response or a retry (async: %s)', async (late) => {
    const give = <T>(value: T): T | Promise<T> => (late ? Promise.resolve(value) : value);
    const told: string[] = [];
    const busy = responseOf(486);
    const chain = new HandlerChain([
      {
        onRequest: () => give(busy),
        onResponse: (_, context) => give(context.retry(again)),
        onError: (_, context) => give(context.retry(again, { after: 500 })),
      },
      teller('never', told),
    ]);
    const context = contextOf();
    expect(await chain.runRequest(requestOf(), context)).toBe(busy);
    expect(await chain.runResponse(responseOf(401), context)).toMatchObject({
      change: again,
      after: 0,
    });
    expect(await chain.runError(error, context)).toMatchObject({ change: again, after: 500 });
    expect(told).toEqual([]);
  });
});

describe('a handler that fails', () => {
  class Flaky extends EventHandler {
    override onRequest(): never {
      throw cause;
    }
    override onResponse(): Promise<never> {
      return Promise.reject(cause);
    }
    override onError(): never {
      throw cause;
    }
  }
  const cause = new RangeError('from a database');
  const expected = (method: string): object =>
    expect.objectContaining({
      code: 'SIPX_HANDLER_FAILED',
      message: `Flaky.${method} failed`,
      cause,
    });

  it('is named in a coded error that keeps the cause', async () => {
    const chain = new HandlerChain([new Flaky()]);
    const context = contextOf();
    expect(() => chain.runRequest(requestOf(), context)).toThrow(expected('onRequest'));
    await expect(chain.runResponse(responseOf(200), context)).rejects.toThrow(
      expected('onResponse'),
    );
    expect(() => chain.runError(error, context)).toThrow(expected('onError'));
  });

  it('is named when it comes behind an asynchronous one', async () => {
    const chain = new HandlerChain([teller('a', [], true), new Flaky()]);
    const result = chain.runRequest(requestOf(), contextOf());
    await expect(result).rejects.toThrow(expected('onRequest'));
  });

  const misused: readonly [returned: unknown, got: string][] = [
    [responseOf(200).with, 'function'],
    ['200', 'string'],
    [null, 'null'],
    [{ status: 200 }, 'Object'],
    [true, 'boolean'],
    [0, 'number'],
  ];
  it.each(misused)('is told what it may return: not %s', async (returned, got) => {
    // As a caller without types would.
    const handler: EventHandler = JSON.parse('{}');
    const onAny = (): unknown => returned;
    Object.assign(handler, { onRequest: onAny, onResponse: onAny, onError: onAny });
    const chain = new HandlerChain([handler]);
    const context = contextOf();
    const failure = expect.objectContaining({ code: 'SIPX_HANDLER_FAILED', got });
    expect(() => chain.runRequest(requestOf(), context)).toThrow(failure);
    expect(() => chain.runResponse(responseOf(200), context)).toThrow(failure);
    expect(() => chain.runError(error, context)).toThrow(failure);
    Object.assign(handler, { onRequest: async () => returned });
    await expect(chain.runRequest(requestOf(), context)).rejects.toThrow(failure);
  });

  it('may not answer a response with a request, nor retry before there was an answer', () => {
    const wrong = { onRequest: () => new Retry(again), onResponse: () => requestOf() };
    const handler: EventHandler = Object.assign(JSON.parse('{}'), wrong);
    const chain = new HandlerChain([handler]);
    expect(() => chain.runRequest(requestOf(), contextOf())).toThrow(SIPXError);
    expect(() => chain.runResponse(responseOf(200), contextOf())).toThrow(SIPXError);
  });
});
