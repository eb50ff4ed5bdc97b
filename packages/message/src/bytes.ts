/** The three methods of Node's Buffer that make the difference; elsewhere the platform's codecs do the work. */
interface NodeBytes extends Uint8Array {
  latin1Slice(from: number, to: number): string;
  utf8Slice(from: number, to: number): string;
  latin1Write(text: string, at: number): number;
}

const NodeBuffer: typeof Buffer | undefined = globalThis.Buffer;
const native = NodeBuffer !== undefined && 'latin1Slice' in NodeBuffer.prototype;
const isNative = (_bytes: Uint8Array): _bytes is NodeBytes => native;

/** The same octets with Node's methods, where there are such. */
export const withMethods = (bytes: Uint8Array): Uint8Array =>
  !isNative(bytes) || bytes.latin1Slice !== undefined || NodeBuffer === undefined
    ? bytes
    : NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

const NON_ASCII = /[^\0-\x7f]/;
/** Thirty times as fast as the expression over a whole message. */
export const isAscii: (bytes: Uint8Array) => boolean =
  globalThis.process?.getBuiltinModule?.('node:buffer')?.isAscii ?? (() => false);

/**
 * The text of the octets, decoded, and a string of its own: a slice of a larger one would keep that alive.
 * `ascii` when they are known to be that.
 */
export const readText = (
  bytes: Uint8Array,
  from: number,
  to: number,
  ascii: boolean = false,
): string => {
  if (!isNative(bytes)) return decoder.decode(bytes.subarray(from, to));
  const text = bytes.latin1Slice(from, to);
  return ascii || !NON_ASCII.test(text) ? text : bytes.utf8Slice(from, to);
};

/** One character for each octet. `TextDecoder('latin1')` is windows-1252 and would not be that. */
export const latin1 = (bytes: Uint8Array, from: number, to: number): string => {
  if (isNative(bytes)) return bytes.latin1Slice(from, to);
  let text = '';
  for (let at = from; at < to; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + CHUNK, to)));
  }
  return text;
};

const CHUNK = 8_192;

/** UTF-8 with one character for each octet, to be joined with what `latin1` gives. */
export const asOctets = (text: string): string => {
  if (!NON_ASCII.test(text)) return text;
  const bytes = withMethods(encoder.encode(text));
  return latin1(bytes, 0, bytes.length);
};

const SLAB = 65_536;
let slab: Uint8Array = new Uint8Array(0);
let used = 0;

/**
 * Octets from a head (one character for each) and a body. They are cut from a slab of their own: messages
 * that are kept for retransmission must not pin the pool that everybody's short-lived buffers come from.
 */
export const joinOctets = (head: string, body: Uint8Array): Uint8Array => {
  const size = head.length + body.length;
  if (size > SLAB / 4) return fill(withMethods(new Uint8Array(size)), 0, head, body);
  if (used + size > slab.length) {
    slab = withMethods(new Uint8Array(SLAB));
    used = 0;
  }
  const at = used;
  used += size;
  return fill(slab, at, head, body);
};

const fill = (target: Uint8Array, at: number, head: string, body: Uint8Array): Uint8Array => {
  if (isNative(target)) target.latin1Write(head, at);
  else for (let i = 0; i < head.length; i += 1) target[at + i] = head.charCodeAt(i);
  if (body.length > 0) target.set(body, at + head.length);
  return new Uint8Array(target.buffer, target.byteOffset + at, head.length + body.length);
};
