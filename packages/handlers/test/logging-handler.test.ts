import { NetworkError } from '@sipx/contracts';
import { HandlerChain, LoggingHandler } from '@sipx/handlers';
import { parseMessage, Request } from '@sipx/message';
import { expect, it } from 'vitest';
import { contextOf, requestOf, responseOf } from './messages.ts';

const listen = (level?: 'debug' | 'info') => {
  const lines: [level: string, message: string | undefined, facts: object][] = [];
  const at = (name: string) => (facts: object, message?: string) =>
    void lines.push([name, message, facts]);
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const handler = new LoggingHandler({ logger, ...(level && { level }) });
  return { lines, chain: new HandlerChain([handler]) };
};

it('writes a line for each message and error, with its facts', () => {
  const { lines, chain } = listen();
  const request = requestOf('INVITE');
  const response = responseOf(180, { 'Call-ID': 'call', CSeq: '1 INVITE' });
  const error = new NetworkError('SIPX_TRANSACTION_TIMEOUT', 'no answer');
  const out = contextOf({ request });
  const facts = { direction: 'out', method: 'INVITE', callId: 'call', cseq: '1 INVITE' };

  expect(chain.runRequest(request, out)).toBe(request);
  expect(chain.runResponse(response, out)).toBe(response);
  expect(chain.runError(error, out)).toBe(error);
  chain.runRequest(request, contextOf({ direction: 'in' }));
  chain.runResponse(responseOf(200), contextOf({ direction: 'in', attempt: 2 }));

  expect(lines).toEqual([
    ['info', '→ INVITE sip:bob@example.com', { ...facts, uri: 'sip:bob@example.com' }],
    ['info', '← 180 Ringing (INVITE)', { ...facts, status: 180 }],
    [
      'warn',
      '✗ INVITE SIPX_TRANSACTION_TIMEOUT: no answer',
      { ...facts, code: 'SIPX_TRANSACTION_TIMEOUT' },
    ],
    [
      'info',
      '← INVITE sip:bob@example.com',
      { ...facts, direction: 'in', uri: 'sip:bob@example.com' },
    ],
    ['info', '→ 200 OK (INVITE)', expect.objectContaining({ status: 200, attempt: 2 })],
  ]);
});

it('takes the level that it is given', () => {
  const { lines, chain } = listen('debug');
  chain.runRequest(requestOf(), contextOf());
  expect(lines.map(([level]) => level)).toEqual(['debug']);
});

it('shows no secret, in a message or in its facts', () => {
  const { lines, chain } = listen();
  const request = new Request({
    method: 'MESSAGE',
    uri: 'sip:bob:hush@example.com',
    headers: { Authorization: 'Digest username="a", response="hush"' },
    body: 'hush',
  });
  const error = new NetworkError('SIPX_RESOLVE', 'no address of sip:bob:hush@example.com');
  chain.runRequest(request, contextOf({ request }));
  chain.runError(error, contextOf({ request }));
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain('hush');
});

it('writes of a message that is malformed, and fails nobody', () => {
  const { lines, chain } = listen();
  const bytes = new TextEncoder().encode('INVITE sip:@ SIP/2.0\r\nCSeq: what\r\n\r\n');
  const request = parseMessage(bytes);
  if (request.type !== 'request') throw request;
  chain.runRequest(request, contextOf({ request, direction: 'in' }));
  expect(lines).toEqual([
    ['info', '← INVITE (malformed URI)', expect.objectContaining({ cseq: 'what' })],
  ]);
});
