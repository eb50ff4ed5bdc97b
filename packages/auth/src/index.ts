export { type Credentials, type SipAuthCredentials } from './credentials.ts';
