import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { MessageParser } from '@sipx/message';
import { STRICT } from '@sipx/message/strict';
import { inspect, type ValidateOptions } from '@sipx/message/validate';
import { describe, expect, it } from 'vitest';

/* The messages of RFC 4475, where its archive lies beside the repository. */
const folder = new URL('../../../../shared/rfc4475/', import.meta.url);

const UA: ValidateOptions = {
  schemes: ['sip', 'sips', 'tel'],
  supported: ['100rel', 'timer'],
  methods: ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'MESSAGE'],
  contentTypes: ['application/sdp', 'multipart/mixed', 'multipart/signed', 'text/plain'],
  answerTypes: ['application/sdp'],
};
const PROXY: ValidateOptions = { forwarding: true, supported: [] };

/**
 * What the RFC wants of a strict parser and the checks behind it, for a user agent and for a proxy: the status
 * of the answer, `well`, or `dropped`.
 */
const OUTCOMES: Readonly<Record<string, string | readonly [ua: string, proxy: string]>> = {
  wsinv: 'well',
  intmeth: ['501', 'well'],
  esc01: 'well',
  escnull: 'well',
  esc02: ['501', 'well'],
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
  baddn: '400',
  'baddn.fixed': '400',
  badvers: '505',
  mismatch01: '400',
  // The RFC wants 501 and lets 400 pass: what is contradictory is not looked at any further.
  mismatch02: '400',
  bigcode: 'dropped',
  badbranch: '400',
  insuf: '400',
  unkscm: ['416', 'well'],
  novelsc: ['416', 'well'],
  // The registrar's 400 is for addresses that it has no use for.
  unksm2: 'well',
  bext01: '420',
  invut: ['415', 'well'],
  // Credentials of an unknown scheme are for whoever challenges.
  regaut01: 'well',
  multi01: '400',
  mcl01: '400',
  // The broadcast address is in the second Via: a response of two, which no user agent takes.
  bcast: 'well',
  zeromf: ['well', '483'],
  cparam01: 'well',
  cparam02: 'well',
  regescrt: 'well',
  sdp01: ['406', 'well'],
  inv2543: 'well',
};

const parser = new MessageParser({ leniencies: STRICT });

const outcome = (bytes: Uint8Array, abilities: ValidateOptions): string => {
  const { message, faults } = inspect(bytes, parser, abilities);
  const [fault] = faults;
  if (!fault) return 'well';
  const response = message?.type === 'response' || Buffer.from(bytes).toString().startsWith('SIP/');
  return response ? 'dropped' : String(fault.status);
};

describe.skipIf(!existsSync(folder))('RFC 4475, strictly', () => {
  it.each(Object.entries(OUTCOMES))('%s: %s', (name, expected) => {
    const bytes = readFileSync(new URL(`${name}.dat`, folder));
    const [ua, proxy] = typeof expected === 'string' ? [expected, expected] : expected;
    expect([outcome(bytes, UA), outcome(bytes, PROXY)]).toEqual([ua, proxy]);
  });

  it('has an outcome for each of the 49', () => {
    const index = readFileSync(new URL('index.tsv', folder), 'utf8').trim().split('\n').slice(1);
    const names = index.map((line) => line.split('\t')[0]?.replace('.dat', '') ?? '');
    // The 50th of the archive is named by no section.
    const referred = names.filter((name) => name !== 'test');
    expect(referred).toHaveLength(49);
    expect(Object.keys(OUTCOMES)).toEqual(expect.arrayContaining(referred));
  });
});

describe('the corpus', () => {
  const files = readdirSync(new URL('corpus/', import.meta.url));

  it('has a message of its own for each of the 49', () => {
    const names = Object.keys(OUTCOMES).filter((name) => name !== 'baddn.fixed');
    expect(names).toHaveLength(49);
    expect(files).toEqual(expect.arrayContaining(names.map((name) => `rfc4475-${name}.txt`)));
  });

  it('has one for each section of RFC 5118', () => {
    const sections = Array.from({ length: 10 }, (_, at) => `rfc5118-4.${at + 1}.txt`);
    expect(files).toEqual(expect.arrayContaining(sections));
  });
});
