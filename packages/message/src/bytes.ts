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

/**
 * Octets from a head (one character for each) and a body. They are cut from a slab of their own: messages
 * that are kept for retransmission must not pin the pool that everybody's short-lived buffers come from.
 */
export const joinOctets = (head: string, body: Uint8Array): Uint8Array => {
  const slab = slabFor(head.length + body.length);
  const { bytes, used } = slab;
  if (isNative(bytes)) bytes.latin1Write(head, used);
  else for (let i = 0; i < head.length; i += 1) bytes[used + i] = head.charCodeAt(i);
  return cut(slab, head.length, body);
};

/** The same from a head that is ASCII; undefined when it is not, which shows as it is written. */
export const joinASCII = (head: string, body: Uint8Array): Uint8Array | undefined => {
  const slab = slabFor(head.length + body.length);
  const { bytes, used } = slab;
  const written = isNative(bytes)
    ? bytes.utf8Write(head, used)
    : encoder.encodeInto(head, bytes.subarray(used)).written;
  return written === head.length ? cut(slab, written, body) : undefined;
};

interface Slab {
  readonly memory: ArrayBuffer;
  readonly bytes: Uint8Array;
  used: number;
}

const SLAB = 32_768;
/** The octets of one character: with room for one more, what is not ASCII is always longer than its text. */
const CHARACTER = 4;

const slabOf = (size: number): Slab => {
  const memory = new ArrayBuffer(size);
  return { memory, bytes: withMethods(new Uint8Array(memory)), used: 0 };
};

let shared: Slab = slabOf(0);

const slabFor = (size: number): Slab => {
  if (size > SLAB / 4) return slabOf(size + CHARACTER);
  if (shared.used + size + CHARACTER > shared.bytes.length) shared = slabOf(SLAB);
  return shared;
};

const cut = (slab: Slab, head: number, body: Uint8Array): Uint8Array => {
  const { memory, bytes, used } = slab;
  if (body.length > 0) bytes.set(body, used + head);
  slab.used = used + head + body.length;
  return new Uint8Array(memory, used, head + body.length);
};
