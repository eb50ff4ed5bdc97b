export { AuthParser } from './auth-parser.ts';
export { type Authorization } from './authorization.ts';
export { Challenge, type ChallengeOptions } from './challenge.ts';
export { type Credentials, type SipAuthCredentials } from './credentials.ts';
export { type AuthorizeOptions, DigestAuth, type DigestAuthOptions } from './digest-auth.ts';
export {
  DigestVerifier,
  type DigestVerifierOptions,
  type Lookup,
  type Refusal,
  type Verdict,
  type VerifyOptions,
} from './digest-verifier.ts';
