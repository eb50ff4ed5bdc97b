import { Client } from 'sipx';
import type { Pbx, User } from './pbx.ts';
import { WireLog } from './wire-log.ts';

/** Who takes part in the demonstration, each with sockets of its own, and what goes on between them. */
export interface Parties {
  readonly pbx: Pbx;
  readonly alice: Client;
  readonly bob: Client;
  readonly wire: WireLog;
}

export const partiesAt = (pbx: Pbx): Parties => {
  const alice = phoneOf('alice', pbx);
  const bob = phoneOf('bob', pbx);
  const wire = new WireLog();
  wire.watch('alice', alice.endpoint);
  wire.watch('pbx', pbx.endpoint);
  wire.watch('bob', bob.endpoint);
  return { pbx, alice, bob, wire };
};

const phoneOf = (username: User, pbx: Pbx): Client =>
  new Client({
    uri: pbx.uriOf(username),
    credentials: { username, password: pbx.users[username] },
    listen: [`udp:${pbx.host}:0`, `tcp:${pbx.host}:0`],
    userAgent: 'SIPX softphone',
  });
