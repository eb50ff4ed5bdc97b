import { deepStrictEqual, strictEqual } from 'node:assert';
import { parseMessage } from '@sipx/message';
import type { CParser } from './c-parsers.ts';
import { ANSWER, type Contender, placesOf } from './contender.ts';
import { fieldsOf } from './contenders/sipx.ts';

/** Whoever reads less than the others is not faster. */
export const checkReaders = (
  contenders: readonly Contender[],
  messages: readonly Buffer[],
): void => {
  const [first, ...others] = contenders;
  for (const bytes of messages) {
    const fields = first?.fields(bytes).map(String);
    const sum = first?.deep?.(bytes) ?? 0;
    for (const { name, fields: read, deep, losesParameters } of others) {
      deepStrictEqual(read(bytes).map(String), fields, name);
      const other = deep?.(bytes) ?? sum;
      if (losesParameters) strictEqual(placesOf(other), placesOf(sum), name);
      else strictEqual(other, sum, name);
    }
  }
};

export const checkC = async (
  parser: CParser,
  like: Contender,
  messages: readonly Buffer[],
): Promise<void> => {
  for (const [n, bytes] of messages.entries()) {
    const expected = [...like.fields(bytes), like.deep?.(bytes)].map(String);
    deepStrictEqual(await parser.check(n), expected, parser.name);
  }
};

/** The seven fields of the INVITE and its body. */
export const checkInvite = (name: string, written: Uint8Array, invite: Buffer): void => {
  const [got, expected] = [parseMessage(written), parseMessage(invite)];
  deepStrictEqual(fieldsOf(got), fieldsOf(expected), name);
  strictEqual(text(got.content), text(expected.content), name);
};

export const checkAnswer = (name: string, written: Uint8Array, invite: Buffer): void => {
  const [got, request] = [parseMessage(written), parseMessage(invite)];
  const [status, branch, from, to, callId, cseq, contact] = fieldsOf(got);
  const [, ...taken] = fieldsOf(request);
  deepStrictEqual(
    [branch, from, '', callId, cseq],
    [...taken.slice(0, 2), '', ...taken.slice(3, 5)],
  );
  deepStrictEqual([status, `<${contact}>`], [200, ANSWER.contact], name);
  strictEqual(to === '', false, name);
  strictEqual(text(got.content), ANSWER.sdp, name);
  strictEqual(got.headers.raw('Content-Type'), 'application/sdp', name);
};

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
