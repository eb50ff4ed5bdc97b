import type { Lookup } from '@sipx/auth';

/** Passwords by user name, or whatever finds them. */
export type Users = Readonly<Record<string, string>> | Lookup;

export const lookupIn = (users: Users): Lookup =>
  typeof users === 'function'
    ? users
    : // A record's own keys alone: `constructor` is no user.
      (username) => (Object.hasOwn(users, username) ? users[username] : undefined);
