import {
  CallRejectedError,
  type ErrorCode,
  NetworkError,
  ProtocolError,
  RegisterRejectedError,
  redact,
  SIPXError,
  UsageError,
} from 'sipx';
import { ExitCode } from './exit-code.ts';
import { printable } from './printable.ts';

/** An error in the form in which a person, a script and a shell hear of it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly advice: string | undefined;
  readonly exit: ExitCode;
}

export const failureOf = (error: unknown): Failure => {
  if (!(error instanceof SIPXError)) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: error };
    return {
      code: name,
      message: safe(String(message)),
      advice: 'this should not happen: run it again with --verbose and report it',
      exit: ExitCode.FAILED,
    };
  }
  const { code } = error;
  const message = safe(`${error.message}${causeOf(error)}`);
  return { code, message, advice: adviceOn(error), exit: exitOf(error) };
};

/** `SIPX_RESOLVE: no address for example.invalid. Check …` */
export const oneLine = ({ code, message, advice }: Failure): string =>
  `${code}: ${message}${advice === undefined ? '' : `. ${advice}`}`;

const exitOf = (error: SIPXError): ExitCode => {
  if (error instanceof UsageError) return ExitCode.USAGE;
  if (error instanceof NetworkError) return ExitCode.UNREACHABLE;
  if (error instanceof ProtocolError) return ExitCode.REFUSED;
  return ExitCode.FAILED;
};

const ADVICE: { readonly [code in ErrorCode]?: string } = {
  SIPX_PARSE_URI: 'Write addresses as sip:name@host or sip:name@host:port',
  SIPX_PARSE_ADDRESS: 'Write it as udp:0.0.0.0:5060 or tcp:127.0.0.1:0',
  SIPX_RESOLVE: 'Check the host name',
  SIPX_TRANSPORT_BIND: 'Choose another address or port with --listen; port 0 takes a free one',
  SIPX_TRANSPORT_CONNECT: 'Check host and port, and whether the server takes this transport',
  SIPX_TRANSPORT_TIMEOUT: 'Check host and port, and firewalls on the way',
  SIPX_TRANSACTION_TIMEOUT:
    'Nobody answered at that address: check host, port and transport (--tcp)',
  SIPX_AUTH_FAILED: 'Check --username, and the password in SIPX_PASSWORD or the config file',
  SIPX_AUTH_UNSUPPORTED: 'The server asks for a kind of login that is not known here',
  SIPX_CALL_TIMEOUT: 'Try again later',
  SIPX_MEDIA_INCOMPATIBLE: 'The two sides have no codec in common (here: PCMU, PCMA)',
  SIPX_WAV: 'Give a WAV file with PCM or G.711 sound, and a folder that can be written to',
};

const STATUS_ADVICE: Readonly<Record<number, string>> = {
  401: 'Check --username, and the password in SIPX_PASSWORD or the config file',
  403: 'Check the account: it may not do this',
  404: 'Check the address: the server knows nobody of that name',
  407: 'Check --username, and the password in SIPX_PASSWORD or the config file',
  408: 'The server got no answer from the other side',
  480: 'The other side is not registered or does not answer now: try again later',
  486: 'The other side is busy: try again later',
  488: 'The two sides have no codec in common (here: PCMU, PCMA)',
  503: 'The server is overloaded: try again later',
  603: 'The other side does not want the call',
};

const adviceOn = (error: SIPXError): string | undefined => {
  if (error instanceof CallRejectedError || error instanceof RegisterRejectedError) {
    return STATUS_ADVICE[error.response.status];
  }
  return ADVICE[error.code];
};

/** The system's own word, where it says more: EADDRINUSE, ENOENT. */
const causeOf = ({ cause, message }: SIPXError): string => {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  const isNews = typeof code === 'string' && !code.startsWith('SIPX') && !message.includes(code);
  return isNews ? `, ${code}` : '';
};

const safe = (text: string): string => printable(redact(text));
