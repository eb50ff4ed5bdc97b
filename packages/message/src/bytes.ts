/** The methods of Node's Buffer that make the difference; elsewhere the platform's codecs do the work. */
interface NodeBytes extends Uint8Array {
  latin1Slice(from: number, to: number): string;
  utf8Slice(from: number, to: number): string;
  latin1Write(text: string, at: number): number;
  utf8Write(text: string, at: number): number;
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

/** The text of the octets, decoded, and a string of its own: a slice of a larger one would keep that alive. */
export const readText = (bytes: Uint8Array, from: number, to: number): string => {
  if (!isNative(bytes)) return decoder.decode(bytes.subarray(from, to));
  return isAscii(bytes, from, to) ? bytes.latin1Slice(from, to) : bytes.utf8Slice(from, to);
};

/** For what is as short as values are, the way to a native function takes longer. */
const isAscii = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) if ((bytes[at] as number) > 127) return false;
  return true;
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
  if (!/[^\0-\x7f]/.test(text)) return text;
  const bytes = withMethods(encoder.encode(text));
  return latin1(bytes, 0, bytes.length);
};

const SLAB = 32_768;
let memory: ArrayBuffer = new ArrayBuffer(0);
let slab: Uint8Array = new Uint8Array(memory);
let used = 0;

/**
 * Octets from a head (one character for each) and a body. They are cut from a slab of their own: messages
 * that are kept for retransmission must not pin the pool that everybody's short-lived buffers come from.
 */
export const joinOctets = (head: string, body: Uint8Array): Uint8Array => {
  reserve(head.length + body.length);
  if (isNative(slab)) slab.latin1Write(head, used);
  else for (let i = 0; i < head.length; i += 1) slab[used + i] = head.charCodeAt(i);
  return cut(head.length, body);
};

/** The same from a head that is ASCII; undefined when it is not, which shows as it is written. */
export const joinASCII = (head: string, body: Uint8Array): Uint8Array | undefined => {
  reserve(head.length + body.length);
  const written = isNative(slab)
    ? slab.utf8Write(head, used)
    : encoder.encodeInto(head, slab.subarray(used)).written;
  return written === head.length ? cut(written, body) : undefined;
};

/** Room for so many octets, and for one more character: what is not ASCII is always longer than its text. */
const reserve = (size: number): void => {
  if (used + size + 4 <= slab.length) return;
  memory = new ArrayBuffer(Math.max(SLAB, size + 4));
  slab = withMethods(new Uint8Array(memory));
  used = 0;
};

const cut = (head: number, body: Uint8Array): Uint8Array => {
  const from = used;
  const size = head + body.length;
  if (body.length > 0) slab.set(body, from + head);
  used += size;
  return new Uint8Array(memory, from, size);
};
