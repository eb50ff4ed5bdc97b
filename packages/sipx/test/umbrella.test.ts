import * as auth from '@sipx/auth';
import * as client from '@sipx/client';
import * as contracts from '@sipx/contracts';
import * as endpoint from '@sipx/endpoint';
import * as fsm from '@sipx/fsm';
import * as handlers from '@sipx/handlers';
import * as message from '@sipx/message';
import * as messageBodies from '@sipx/message/bodies';
import * as messageBuild from '@sipx/message/build';
import * as messageStrict from '@sipx/message/strict';
import * as messageValidate from '@sipx/message/validate';
import * as server from '@sipx/server';
import * as session from '@sipx/session';
import * as transport from '@sipx/transport';
import * as transportTcp from '@sipx/transport-tcp';
import * as transportUdp from '@sipx/transport-udp';
import * as sipx from 'sipx';
import * as bodies from 'sipx/bodies';
import * as transports from 'sipx/transports';
import { describe, expect, test } from 'vitest';

type Module = Readonly<Record<string, unknown>>;
const inside: Readonly<Record<string, Module>> = {
  auth,
  client,
  contracts,
  endpoint,
  fsm,
  handlers,
  message,
  messageBuild,
  messageStrict,
  messageValidate,
  server,
  session,
  transport,
};

describe('sipx', () => {
  // Of two packages with an export of one name, `export *` would silently give neither.
  test.each(Object.entries(inside))('has all of %s, as the same values', (_, module) => {
    expect(Object.keys(module).length).toBeGreaterThan(0);
    expect(sipx).toMatchObject(module);
  });

  test('has nothing of its own', () => {
    const known = new Set(Object.values(inside).flatMap((module) => Object.keys(module)));
    expect(Object.keys(sipx).filter((name) => !known.has(name))).toEqual([]);
  });

  test('keeps sockets and bodies at their own entries', () => {
    expect({ ...transports }).toEqual({ ...transportTcp, ...transportUdp });
    expect({ ...bodies }).toEqual({ ...messageBodies });
    const kept = [...Object.keys(transports), ...Object.keys(bodies)];
    expect(kept).toEqual(expect.arrayContaining(['udp', 'tcp', 'parseBody', 'SDPBody']));
    expect(kept.filter((name) => name in sipx)).toEqual([]);
  });
});
