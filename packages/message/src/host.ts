import { BRACKET } from './octets.ts';
/** `hostport` (RFC 3261 25.1). */
export interface HostPort {
  /** An IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
}

/** Undefined when it is not that. */
export const readHostPort = (text: string): HostPort | undefined => {
  const bracketed = text.charCodeAt(0) === BRACKET;
  const end = bracketed ? text.indexOf(']') + 1 : text.indexOf(':');
  const host = bracketed ? text.slice(1, end - 1) : end < 0 ? text : text.slice(0, end);
  if (!(bracketed ? IPV6 : NAME).test(host)) return undefined;
  if (end < 0 || end === text.length) return { host, port: undefined };
  const digits = text.slice(end + 1);
  const port = Number(digits);
  return text[end] === ':' && PORT.test(digits) && port <= 65_535 ? { host, port } : undefined;
};

/** A name, an IPv4 address, or an IPv6 address without brackets. */
export const isHost = (text: string): boolean => NAME.test(text) || IPV6.test(text);

const PORT = /^\d{1,5}$/;
/** Underscores are no part of a hostname, yet of many a private network's. */
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/;
const IPV6 = /^(?=.*:)[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._~-]+)?$/;
