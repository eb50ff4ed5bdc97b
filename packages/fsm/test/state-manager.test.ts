import { SIPXError } from '@sipx/contracts';
import {
  type Dialog,
  dialogFromRequest,
  requestEvent,
  responseEvent,
  StateManager,
  terminated,
  type Transaction,
  type TransactionEvent,
  TransactionState,
} from '@sipx/fsm';
import { describe, expect, it } from 'vitest';
import { bytes, request, response } from './messages.ts';

const options = { reliable: false, timers: { t1: 500, t2: 4000, t4: 5000 } } as const;
const branch = (name: string): { via: readonly string[] } => ({
  via: [`SIP/2.0/UDP alice.example;branch=z9hG4bK-${name}`],
});
const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return error instanceof SIPXError ? error.code : `${error}`;
  }
  return 'nothing thrown';
};
const dialog = (localTag: string): Dialog =>
  dialogFromRequest(
    request({ headers: ['Contact: <sip:alice@192.0.2.1>'] }),
    response(180, { to: `<sip:bob@biloxi.example>;tag=${localTag}` }),
  );

describe('transactions', () => {
  it('carry what they were made from', () => {
    const manager = new StateManager();
    const client = manager.createClientTransaction(request({ method: 'BYE' }), bytes(''), {
      ...options,
      reliable: true,
    });
    expect(client).toMatchObject({
      kind: 'non-invite-client',
      method: 'BYE',
      state: 'trying',
      reliable: true,
    });
    const server = manager.createServerTransaction(request(), options);
    expect(server).toMatchObject({ kind: 'invite-server', state: 'proceeding', reliable: false });
    expect([...manager.transactions()]).toEqual([client, server]);
    expect(server.id).not.toBe(client.id);
  });

  it('refuse a key that is taken, an ACK, and a request without branch', () => {
    const manager = new StateManager();
    manager.createClientTransaction(request(), bytes(''), options);
    manager.createServerTransaction(request(), options);
    const ack = request({ method: 'ACK' });
    const bare = request({ via: ['SIP/2.0/UDP alice.example'] });
    const client = (of: typeof ack) => (): unknown =>
      manager.createClientTransaction(of, bytes(''), options);
    expect(code(client(request()))).toBe('SIPX_TRANSACTION_EXISTS');
    expect(code(() => manager.createServerTransaction(request(), options))).toBe(
      'SIPX_TRANSACTION_EXISTS',
    );
    expect(code(client(ack))).toBe('SIPX_USAGE');
    expect(code(() => manager.createServerTransaction(ack, options))).toBe('SIPX_USAGE');
    expect(code(client(bare))).toBe('SIPX_USAGE');
    expect(manager.gauges.transactions).toBe(2);
  });

  it('are limited, both sides together, and make room when they end', () => {
    const manager = new StateManager({ limits: { transactions: 2 } });
    const first = manager.createClientTransaction(request(), bytes(''), options);
    manager.createServerTransaction(request(), options);
    const third = (): Transaction => manager.createServerTransaction(request(branch('3')), options);
    expect(code(third)).toBe('SIPX_LIMIT_TRANSACTIONS');
    manager.step(first, { type: 'B' });
    expect(third().state).toBe('proceeding');
  });

  it('are found no more once they ended, and their key is free', () => {
    const manager = new StateManager();
    const asked = request({ method: 'OPTIONS' });
    const answer = response(200, { method: 'OPTIONS' });
    const client = manager.createClientTransaction(asked, bytes(''), options);
    const server = manager.createServerTransaction(asked, options);
    manager.step(client, responseEvent(answer));
    manager.step(server, { type: 'respond', response: answer, bytes: bytes('') });
    expect(manager.findClientTransaction(answer)).toBe(client);
    expect(manager.findServerTransaction(asked)).toBe(server);
    manager.step(client, { type: 'K' });
    manager.step(server, { type: 'J' });
    expect(manager.findClientTransaction(answer)).toBeUndefined();
    expect(manager.findServerTransaction(asked)).toBeUndefined();
    expect(manager.gauges).toMatchObject({ transactions: 0, stray: 0 });
    expect(manager.createServerTransaction(asked, options)).not.toBe(server);
  });

  it('are stepped by the manager that made one, and by no look-alike', () => {
    const manager = new StateManager();
    const fake: Transaction = { ...manager.createServerTransaction(request(), options) };
    expect(code(() => manager.step(fake, { type: 'L' }))).toBe('SIPX_USAGE');
  });

  it.each([
    [100, 'provisional'],
    [199, 'provisional'],
    [200, 'success'],
    [299, 'success'],
    [300, 'failure'],
    [699, 'failure'],
  ])('a %i is an event of %s', (status, type) => {
    expect(responseEvent(response(status)).type).toBe(type);
  });

  it('a received request is an event of request or ack', () => {
    expect(requestEvent(request()).type).toBe('request');
    expect(requestEvent(request({ method: 'CANCEL' })).type).toBe('request');
    expect(requestEvent(request({ method: 'ACK' })).type).toBe('ack');
  });
});

describe('limits', () => {
  const inDialog = (method: string, name: string): ReturnType<typeof request> =>
    request({ method, ...branch(name), to: '<sip:bob@biloxi.example>;tag=b' });
  const ours = (method: string, name: string): ReturnType<typeof request> =>
    request({
      method,
      ...branch(name),
      from: '<sip:bob@biloxi.example>;tag=b',
      to: '<sip:alice@atlanta.example>;tag=a',
    });
  const full = (): StateManager => {
    const manager = new StateManager({ limits: { transactions: 2 } });
    manager.createServerTransaction(request({ ...branch('in') }), options);
    manager.createClientTransaction(request({ ...branch('out') }), bytes(''), options);
    return manager;
  };

  it('of transactions let each known dialog go on, by one request each, either way', () => {
    const manager = full();
    expect(code(() => manager.createServerTransaction(inDialog('BYE', '1'), options))).toBe(
      'SIPX_LIMIT_TRANSACTIONS',
    );
    manager.addDialog(dialog('b'));
    manager.createServerTransaction(inDialog('BYE', '1'), options);
    expect(code(() => manager.createServerTransaction(inDialog('BYE', '2'), options))).toBe(
      'SIPX_LIMIT_TRANSACTIONS',
    );
    manager.addDialog(dialog('other'));
    manager.createClientTransaction(ours('BYE', '3'), bytes(''), options);
    manager.addDialog(dialog('third'));
    expect(code(() => manager.createServerTransaction(request(branch('4')), options))).toBe(
      'SIPX_LIMIT_TRANSACTIONS',
    );
    expect(
      code(() => manager.createClientTransaction(request(branch('5')), bytes(''), options)),
    ).toBe('SIPX_LIMIT_TRANSACTIONS');
    expect(manager.gauges.transactions).toBe(4);
  });

  it('of transactions let an INVITE be cancelled, either way, and no other CANCEL in', () => {
    const manager = full();
    const cancel = (name: string): ReturnType<typeof request> =>
      request({ method: 'CANCEL', ...branch(name) });
    manager.createServerTransaction(cancel('in'), options);
    manager.createClientTransaction(cancel('out'), bytes(''), options);
    expect(manager.gauges.transactions).toBe(4);
    expect(code(() => manager.createServerTransaction(cancel('none'), options))).toBe(
      'SIPX_LIMIT_TRANSACTIONS',
    );
  });

  it('of dialogs refuse what would make one more, and nothing else', () => {
    const manager = new StateManager({ limits: { dialogs: 1 } });
    manager.addDialog(dialog('b'));
    const server = (method: string) => (): unknown =>
      manager.createServerTransaction(request({ method, ...branch(method) }), options);
    const client = (method: string) => (): unknown =>
      manager.createClientTransaction(request({ method, ...branch(method) }), bytes(''), options);
    for (const method of ['INVITE', 'SUBSCRIBE']) {
      expect(code(server(method))).toBe('SIPX_LIMIT_DIALOGS');
      expect(code(client(method))).toBe('SIPX_LIMIT_DIALOGS');
    }
    server('OPTIONS')();
    client('REGISTER')();
    manager.createServerTransaction(inDialog('INVITE', 're'), options);
    manager.createClientTransaction(ours('INVITE', 're'), bytes(''), options);
    expect(manager.gauges).toMatchObject({ transactions: 4, dialogs: 1 });
  });
});

describe('gauges', () => {
  it('tell the timers that run and the octets that are kept', () => {
    const manager = new StateManager();
    const told = (): readonly number[] => {
      const { transactions, timers, bytesKept } = manager.gauges;
      return [transactions, timers, bytesKept];
    };
    const client = manager.createClientTransaction(
      request({ method: 'OPTIONS' }),
      bytes('four'),
      options,
    );
    expect(told()).toEqual([1, 0, 4]);
    manager.step(client, { type: 'start' });
    expect(told()).toEqual([1, 2, 4]);
    manager.step(client, { type: 'E' });
    expect(told()).toEqual([1, 2, 4]);
    const server = manager.createServerTransaction(request(), options);
    expect(told()).toEqual([2, 2, 4]);
    const answer = response(486);
    manager.step(server, { type: 'respond', response: answer, bytes: bytes('seven!!') });
    expect(told()).toEqual([2, 4, 11]);
    manager.step(client, responseEvent(response(200, { method: 'OPTIONS' })));
    expect(told()).toEqual([2, 3, 7]);
    manager.step(client, { type: 'K' });
    expect(told()).toEqual([1, 2, 7]);
    manager.step(server, requestEvent(request({ method: 'ACK' })));
    expect(told()).toEqual([1, 1, 0]);
    manager.step(server, { type: 'I' });
    expect(told()).toEqual([0, 0, 0]);
  });
});

describe('transitionTo', () => {
  it('gives a transaction up, through whoever runs it', () => {
    const run: [Transaction, string][] = [];
    const manager = new StateManager({
      run: (transaction, event) => {
        run.push([transaction, event.type === 'abandon' ? event.error.code : event.type]);
        manager.step(transaction, event);
      },
    });
    const transaction = manager.createClientTransaction(request(), bytes(''), options);
    manager.transitionTo(transaction, TransactionState.TERMINATED);
    expect(transaction.state).toBe('terminated');
    expect(run).toEqual([[transaction, 'SIPX_ABORTED']]);
    expect(code(() => manager.transitionTo(transaction, TransactionState.TERMINATED))).toBe(
      'SIPX_USAGE_STATE',
    );
    expect(run).toHaveLength(1);
  });

  it('goes where the event leads, and nowhere else', () => {
    const manager = new StateManager();
    const transaction = manager.createServerTransaction(request(), options);
    const refuse = { type: 'respond', response: response(486), bytes: bytes('') } as const;
    const to = (state: TransactionState, event?: TransactionEvent) => (): void =>
      manager.transitionTo(transaction, state, event);
    expect(code(to('accepted', refuse))).toBe('SIPX_USAGE_STATE');
    expect(code(to('confirmed'))).toBe('SIPX_USAGE_STATE');
    expect(code(to('confirmed', { type: 'ack', request: request({ method: 'ACK' }) }))).toBe(
      'SIPX_USAGE_STATE',
    );
    expect(transaction.state).toBe('proceeding');
    expect(manager.gauges.stray).toBe(0);
    to('completed', refuse)();
    expect(transaction.state).toBe('completed');
    expect(code(() => manager.transitionTo({ ...transaction }, 'terminated'))).toBe('SIPX_USAGE');
  });
});

describe('observers of transactions', () => {
  it('hear of each change of state, after it, and of no other step', () => {
    const manager = new StateManager();
    const heard: string[] = [];
    manager.onTransactionState('*', ({ state }, previous) => {
      heard.push(`${previous} > ${state}, ${manager.gauges.transactions} left`);
    });
    const transaction = manager.createClientTransaction(request(), bytes(''), options);
    manager.step(transaction, { type: 'start' });
    manager.step(transaction, responseEvent(response(180)));
    manager.step(transaction, responseEvent(response(183)));
    manager.step(transaction, responseEvent(response(200)));
    manager.step(transaction, { type: 'D' });
    manager.step(transaction, { type: 'M' });
    expect(heard).toEqual([
      'undefined > calling, 1 left',
      'calling > proceeding, 1 left',
      'proceeding > accepted, 1 left',
      'accepted > terminated, 0 left',
    ]);
  });

  it('of one state hear of that alone, until they are taken off', () => {
    const manager = new StateManager();
    const heard: string[] = [];
    const observer = ({ id }: Transaction): void => void heard.push(id);
    const off = manager.onTransactionState('terminated', observer);
    const offAgain = manager.onTransactionState('terminated', observer);
    const end = (name: string): string => {
      const transaction = manager.createClientTransaction(
        request(branch(name)),
        bytes(''),
        options,
      );
      manager.step(transaction, { type: 'B' });
      return transaction.id;
    };
    const first = end('1');
    off();
    const second = end('2');
    offAgain();
    end('3');
    expect(heard).toEqual([first, first, second]);
  });

  it('that throw harm nobody, and are told of', () => {
    const errors: SIPXError[] = [];
    const manager = new StateManager({ observerFailed: (error) => errors.push(error) });
    const heard: string[] = [];
    const cause = new RangeError('mine');
    manager.onTransactionState('*', () => {
      throw cause;
    });
    manager.onTransactionState('*', ({ state }) => heard.push(state));
    manager.createServerTransaction(request(), options);
    expect(heard).toEqual(['proceeding']);
    expect(errors.map((error) => [error.code, error.cause])).toEqual([
      ['SIPX_HANDLER_FAILED', cause],
    ]);
    expect(manager.gauges.observerFailures).toBe(1);
  });
});

describe('dialogs', () => {
  it('are found by id and by the messages in them, tags in any case', () => {
    const manager = new StateManager();
    const known = dialog('b');
    manager.addDialog(known);
    const to = '<sip:bob@biloxi.example>;tag=B';
    const from = '<sip:alice@atlanta.example>;tag=A';
    expect(manager.findDialog(known.id)).toBe(known);
    expect(manager.findDialog(request({ method: 'BYE', to, from }))).toBe(known);
    // A response to a request of the callee: From is its own.
    expect(manager.findDialog(response(200, { method: 'BYE', to: from, from: to }))).toBe(known);
    expect(manager.findDialog(request({ method: 'BYE', to: from, from: to }))).toBeUndefined();
    expect(manager.findDialog(request({ to: '<sip:bob@biloxi.example>' }))).toBeUndefined();
    expect(manager.findDialog(request({ to, callId: 'CALL-1@alice.example' }))).toBeUndefined();
    expect([...manager.dialogs()]).toEqual([known]);
  });

  it('are limited, known once, and must be known to be updated', () => {
    const manager = new StateManager({ limits: { dialogs: 1 } });
    manager.addDialog(dialog('1'));
    expect(code(() => manager.addDialog(dialog('1')))).toBe('SIPX_USAGE_STATE');
    expect(code(() => manager.addDialog(dialog('2')))).toBe('SIPX_LIMIT_DIALOGS');
    expect(code(() => manager.updateDialog(dialog('2')))).toBe('SIPX_DIALOG_UNKNOWN');
    expect(manager.hasRoomForDialog).toBe(false);
    manager.removeDialog(dialog('1'));
    expect(manager.hasRoomForDialog).toBe(true);
    manager.addDialog(dialog('2'));
    expect(manager.gauges.dialogs).toBe(1);
  });

  it.each([
    ['early', 'early', ''],
    ['early', 'confirmed', ''],
    ['early', 'terminated', ''],
    ['confirmed', 'early', 'SIPX_USAGE_STATE'],
    ['confirmed', 'confirmed', ''],
    ['confirmed', 'terminated', ''],
  ] as const)('from %s to %s: %s', (from, to, refused) => {
    const manager = new StateManager();
    const known: Dialog = { ...dialog('b'), state: from };
    manager.addDialog(known);
    const update = (): void => manager.updateDialog({ ...known, state: to });
    expect(code(update)).toBe(refused || 'nothing thrown');
    const now = refused ? from : to;
    expect(manager.findDialog(known.id)?.state).toBe(now === 'terminated' ? undefined : now);
  });

  it('that an answer makes are let in beyond the limit, up to twice as many', () => {
    const manager = new StateManager({ limits: { dialogs: 2 } });
    const answered = (tag: string) => (): void =>
      manager.addDialog({ ...dialog(tag), state: 'confirmed' });
    manager.addDialog(dialog('1'));
    manager.addDialog(dialog('2'));
    expect(code(() => manager.addDialog(dialog('3')))).toBe('SIPX_LIMIT_DIALOGS');
    answered('3')();
    answered('4')();
    expect(code(answered('5'))).toBe('SIPX_LIMIT_DIALOGS');
    expect(manager.gauges.dialogs).toBe(4);
  });

  it('tell their observers of each change of state; a terminated one is dropped', () => {
    const manager = new StateManager();
    const heard: string[] = [];
    manager.onDialogState('*', ({ state }, previous) => {
      heard.push(`${previous} > ${state}, ${manager.gauges.dialogs} left`);
    });
    const early = dialog('b');
    manager.addDialog(early);
    manager.updateDialog({ ...early, localCSeq: 9 });
    expect(manager.findDialog(early.id)?.localCSeq).toBe(9);
    manager.updateDialog({ ...early, state: 'confirmed' });
    manager.updateDialog(terminated(early));
    manager.removeDialog(early);
    manager.addDialog(early);
    manager.removeDialog(early.id);
    expect(heard).toEqual([
      'undefined > early, 1 left',
      'early > confirmed, 1 left',
      'confirmed > terminated, 0 left',
      'undefined > early, 1 left',
      'early > terminated, 0 left',
    ]);
  });
});
