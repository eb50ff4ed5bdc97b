/**
 * A transaction's life, find and all, beside a plain class with direct calls and no observers, dialogs or limits.
 * `node --conditions=@sipx/source --import tsx packages/fsm/bench/transaction.ts`
 */
import { DEFAULT_TIMERS, type Effect, requestEvent, responseEvent, StateManager } from '@sipx/fsm';
import { parseMessage, type Request, type Response, serialize } from '@sipx/message';

const text = (startLine: string, branch: string, method: string, to: string): Uint8Array =>
  new TextEncoder().encode(
    [
      startLine,
      `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=${branch}`,
      'From: <sip:alice@atlanta.example>;tag=a',
      `To: <sip:bob@biloxi.example>${to}`,
      `Call-ID: ${branch}@192.0.2.1`,
      `CSeq: 1 ${method}`,
      '',
      '',
    ].join('\r\n'),
  );

interface Exchange {
  readonly request: Request;
  readonly bytes: Uint8Array;
  readonly ringing: Response;
  readonly answer: Response;
  readonly answerBytes: Uint8Array;
}

const exchange = (method: string, index: number): Exchange => {
  const branch = `z9hG4bK${index.toString(36).padStart(16, 'x')}`;
  const request = parseMessage(
    text(`${method} sip:bob@biloxi.example SIP/2.0`, branch, method, ''),
  );
  const ringing = parseMessage(text('SIP/2.0 180 Ringing', branch, method, ';tag=b'));
  const answer = parseMessage(text('SIP/2.0 200 OK', branch, method, ';tag=b'));
  if (request.type !== 'request' || ringing.type !== 'response' || answer.type !== 'response') {
    throw new TypeError('the texts above are wrong');
  }
  return { request, bytes: serialize(request), ringing, answer, answerBytes: serialize(answer) };
};

const options = { reliable: false, timers: DEFAULT_TIMERS };
let effects = 0;
const run = (done: readonly Effect[] | undefined): void => {
  for (const effect of done ?? []) effects += effect.type.length;
};

const tables = {
  client({ request, bytes, ringing, answer }: Exchange, manager: StateManager): void {
    const transaction = manager.createClientTransaction(request, bytes, options);
    run(manager.step(transaction, { type: 'start' })?.effects);
    for (const response of [ringing, answer]) {
      const found = manager.findClientTransaction(response);
      if (found) run(manager.step(found, responseEvent(response))?.effects);
    }
    run(manager.step(transaction, { type: request.method === 'INVITE' ? 'M' : 'K' })?.effects);
  },
  server({ request, answer, answerBytes }: Exchange, manager: StateManager): void {
    const transaction = manager.createServerTransaction(request, options);
    run(
      manager.step(transaction, { type: 'respond', response: answer, bytes: answerBytes })?.effects,
    );
    const found = manager.findServerTransaction(request);
    if (found) run(manager.step(found, requestEvent(request))?.effects);
    run(manager.step(transaction, { type: request.method === 'INVITE' ? 'L' : 'J' })?.effects);
  },
};

/** What one would write for these four lives alone. */
class Plain {
  state = 'new';
  last: Uint8Array | undefined;
  readonly request: Request;
  constructor(request: Request) {
    this.request = request;
  }
  sent(): void {
    this.state = 'open';
    effects += 4;
  }
  received({ status }: Response): void {
    this.state = status < 200 ? 'proceeding' : 'over';
    effects += 7;
  }
  respond(bytes: Uint8Array): void {
    this.last = bytes;
    this.state = 'over';
    effects += 4;
  }
  again(): void {
    if (this.last) effects += 4;
  }
}

const plain = {
  client({ request, ringing, answer }: Exchange, living: Map<string, Plain>): void {
    const key = `${request.via.branch};${request.cseq.method}`;
    const transaction = new Plain(request);
    living.set(key, transaction);
    transaction.sent();
    for (const response of [ringing, answer]) {
      living.get(`${response.via.branch};${response.cseq.method}`)?.received(response);
    }
    living.delete(key);
  },
  server({ request, answerBytes }: Exchange, living: Map<string, Plain>): void {
    const key = `${request.via.branch};${request.via.sentBy};${request.method}`;
    const transaction = new Plain(request);
    living.set(key, transaction);
    transaction.respond(answerBytes);
    living.get(`${request.via.branch};${request.via.sentBy};${request.method}`)?.again();
    living.delete(key);
  },
};

const EXCHANGES = 1000;
const ROUNDS = 300;

/** Nanoseconds a life: the median of 20 samples, the messages' typed values read beforehand. */
const measure = (life: (index: number) => void): number => {
  const samples: number[] = [];
  for (let sample = 0; sample < 21; sample += 1) {
    const from = performance.now();
    for (let round = 0; round < ROUNDS / 20; round += 1) {
      for (let index = 0; index < EXCHANGES; index += 1) life(index);
    }
    samples.push(((performance.now() - from) * 1e6) / ((ROUNDS / 20) * EXCHANGES));
  }
  return samples.slice(1).sort((a, b) => a - b)[10] ?? Number.NaN;
};

for (const method of ['INVITE', 'OPTIONS']) {
  const exchanges = Array.from({ length: EXCHANGES }, (_, index) => exchange(method, index));
  for (const side of ['client', 'server'] as const) {
    const manager = new StateManager();
    const living = new Map<string, Plain>();
    const at = (index: number): Exchange => exchanges[index] ?? exchange(method, index);
    const floor = measure((index) => plain[side](at(index), living));
    const ours = measure((index) => tables[side](at(index), manager));
    const ratio = (ours / floor).toFixed(1);
    console.log(
      `${method} ${side}: ${ours.toFixed(0)} ns a life, plain class ${floor.toFixed(0)} ns (${ratio} times)`,
    );
  }
}
if (effects === 0) throw new RangeError('nothing was measured');
