import { existsSync, readFileSync } from 'node:fs';
import { SIPXError } from '@sipx/contracts';
import { parseMessage, validate } from '@sipx/message';
import { describe, expect, it } from 'vitest';

/* The messages of RFC 4475, where its archive lies beside the repository. */
const folder = new URL('../../../../shared/rfc4475/', import.meta.url);

/** What the RFC wants of a parser and the checks behind it; the statuses that only an application gives are 'well'. */
const OUTCOMES: Readonly<Record<string, string>> = {
  wsinv: 'well',
  intmeth: 'well',
  esc01: 'well',
  escnull: 'well',
  esc02: 'well',
  lwsdisp: 'well',
  longreq: 'well',
  dblreq: 'well',
  semiuri: 'well',
  transports: 'well',
  mpart01: 'well',
  unreason: 'well',
  noreason: 'well',
  badinv01: '400',
  clerr: '400',
  ncl: '400',
  scalar02: '400',
  scalarlg: 'dropped',
  quotbal: '400',
  ltgtruri: '400',
  lwsruri: '400',
  lwsstart: '400',
  trws: '400',
  escruri: '400',
  baddate: 'well',
  regbadct: '400',
  badaspec: '400',
  // The archive's copy has no blank line at its end; the one with it has to fail for its display name.
  baddn: 'SIPX_PARSE_HEADER',
  'baddn.fixed': '400',
  badvers: '505',
  mismatch01: '400',
  mismatch02: '400',
  bigcode: 'SIPX_PARSE_START_LINE',
  badbranch: '400',
  insuf: '400',
  unkscm: 'well',
  novelsc: 'well',
  unksm2: 'well',
  bext01: 'well',
  invut: 'well',
  regaut01: 'well',
  multi01: '400',
  mcl01: '400',
  bcast: 'well',
  zeromf: 'well',
  cparam01: 'well',
  cparam02: 'well',
  regescrt: 'well',
  sdp01: 'well',
  inv2543: 'well',
};

const outcome = (bytes: Uint8Array): string => {
  try {
    const message = parseMessage(bytes);
    const [fault] = validate(message);
    if (!fault) return 'well';
    return message.type === 'request' ? String(fault.status) : 'dropped';
  } catch (error) {
    return error instanceof SIPXError ? error.code : String(error);
  }
};

describe.skipIf(!existsSync(folder))('RFC 4475', () => {
  it.each(Object.entries(OUTCOMES))('%s: %s', (name, expected) => {
    expect(outcome(readFileSync(new URL(`${name}.dat`, folder)))).toBe(expected);
  });
});
