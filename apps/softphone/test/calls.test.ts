import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureFrequency, readWavFile, tone, writeWav } from '@sipx/media';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../src/command-line.ts';
import { Pbx } from '../src/demo/pbx.ts';
import { captured } from './captured.ts';

let folder: string;
let pbx: Pbx;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'softphone-'));
  pbx = await Pbx.start();
});
afterAll(async () => {
  await pbx.close();
  rmSync(folder, { recursive: true, force: true });
});

const envOf = (user: 'alice' | 'bob'): Record<string, string> => ({
  SIPX_URI: pbx.uriOf(user),
  SIPX_PASSWORD: pbx.users[user],
});

describe('commands at a PBX', () => {
  test('listen answers what call says, hears its digits, and unregisters at the end', async () => {
    const bob = captured(envOf('bob'));
    const listening = run(['listen', '--json'], bob.world);
    await bob.said(/^listening/);

    const alice = captured(envOf('alice'));
    expect(await run(['call', 'bob', '--tcp', '--dtmf', '4#', '--json'], alice.world)).toBe(0);
    expect(alice.json()).toMatchObject({
      ok: true,
      call: {
        to: pbx.uriOf('bob'),
        transport: 'tcp',
        ended: 'local',
        rtp: { lost: 0, codec: 'PCMU' },
      },
    });
    expect(alice.out).toContain('ringing');

    await bob.said(/hung up after/);
    bob.interrupt();
    expect(await listening).toBe(0);
    expect(bob.json()).toMatchObject({
      ok: true,
      registered: true,
      calls: [{ from: pbx.uriOf('alice'), dtmf: '4#', ended: 'remote' }],
    });

    const late = captured(envOf('alice'));
    expect(await run(['call', 'bob'], late.world)).toBe(3);
    expect(late.err).toEqual([expect.stringMatching(/^SIPX_CALL_REJECTED: .*480/)]);
  });

  test('call plays a file and records what the echo returns', async () => {
    const play = join(folder, 'tone.wav');
    const record = join(folder, 'echo.wav');
    writeFileSync(
      play,
      writeWav(Int16Array.from([...tone(500, { durationMs: 400 })].flatMap((piece) => [...piece]))),
    );
    const { world } = captured(envOf('alice'));
    expect(await run(['call', 'echo', '--play', play, '--record', record], world)).toBe(0);
    expect(measureFrequency(await readWavFile(record))).toBeCloseTo(500, 0);
  });

  test('register stays until Ctrl-C', async () => {
    const alice = captured(envOf('alice'));
    const registering = run(['register', '--json'], alice.world);
    await alice.said(/^registered/);
    alice.interrupt();
    expect(await registering).toBe(0);
    expect(alice.out).toContain('unregistered');
    expect(alice.json()).toMatchObject({ ok: true, registered: pbx.uriOf('alice') });
  });

  test.each([
    {
      name: 'a wrong password',
      args: ['register'],
      env: { SIPX_PASSWORD: 'wrong' },
      exit: 3,
      code: 'SIPX_REGISTER_REJECTED',
    },
    {
      name: 'nobody of that name',
      args: ['call', 'nobody'],
      env: {},
      exit: 3,
      code: 'SIPX_CALL_REJECTED',
    },
    {
      name: 'no such file',
      args: ['call', 'echo', '--play', '/nowhere/x.wav'],
      env: {},
      exit: 2,
      code: 'SIPX_WAV',
    },
    {
      name: 'a closed port',
      args: ['call', 'sip:x@127.0.0.1:1', '--tcp'],
      env: {},
      exit: 4,
      code: 'SIPX_TRANSPORT_CONNECT',
    },
  ])('$name: exit $exit', async ({ args, env, exit, code }) => {
    const { world, err, json } = captured({ ...envOf('alice'), ...env });
    expect(await run([...args, '--json'], world)).toBe(exit);
    expect(err).toEqual([expect.stringMatching(new RegExp(`^${code}: `))]);
    expect(json()).toMatchObject({ ok: false, code });
  });

  test('Ctrl-C while it rings gives up', async () => {
    // Rings for ever: a datagram socket that answers 180 and nothing else until the CANCEL.
    const phone = createSocket('udp4').bind(0, '127.0.0.1');
    await once(phone, 'listening');
    phone.on('message', (bytes, { port }) => {
      const text = String(bytes);
      const copied = text.match(/^(?:Via|From|To|Call-ID|CSeq):.*\r\n/gm)?.join('') ?? '';
      const to = copied.replace(/^(To:.*)\r\n/m, '$1;tag=x\r\n');
      const answer = (head: string, headers = to): void =>
        phone.send(`SIP/2.0 ${head}\r\n${headers}Content-Length: 0\r\n\r\n`, port, '127.0.0.1');
      if (text.startsWith('INVITE ')) answer('180 Ringing');
      if (text.startsWith('CANCEL ')) {
        answer('200 OK');
        answer('487 Request Terminated', to.replace(/^CSeq:.*$/m, 'CSeq: 1 INVITE'));
      }
    });
    const { world, said, interrupt, err } = captured();
    const calling = run(['call', `sip:x@127.0.0.1:${phone.address().port}`], world);
    await said(/^ringing/);
    interrupt();
    expect(await calling).toBe(130);
    expect(err).toEqual(['interrupted']);
    phone.close();
  });
});
