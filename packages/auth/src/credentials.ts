/**
 * Who answers a challenge: by password, or by HA1 in its place (lower-case hex of H(username:realm:password),
 * good for that realm and that algorithm alone). With `realm`, challenges of other realms are not answered.
 */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly realm?: string }
  | {
      readonly username: string;
      readonly ha1: string;
      readonly realm: string;
      /** The algorithm that `ha1` was made with. MD5. */
      readonly algorithm?: string;
    };

export type { Credentials as SipAuthCredentials };
