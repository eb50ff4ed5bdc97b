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
const withMethods = (bytes: Uint8Array): Uint8Array =>
  NodeBuffer === undefined || NodeBuffer.isBuffer(bytes)
    ? bytes
    : NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

const NON_ASCII = /[^\0-\x7f]/;
// Thirty times as fast as the expression over a whole message.
const isAscii: ((bytes: Uint8Array) => boolean) | undefined =
  globalThis.process?.getBuiltinModule?.('node:buffer')?.isAscii;

/** Below this length V8 copies a slice; from it on the slice keeps the whole string alive. */
const SLICE_COPIED = 13;

/**
 * The octets of a message, and one character for each octet of its head. Header fields are positions in it
 * until somebody asks for their text.
 */
export class Source {
  readonly text: string;
  readonly bytes: Uint8Array;
  private ascii: boolean | undefined = undefined;

  /** Makes the text of the octets before `end`. */
  constructor(bytes: Uint8Array, end: number) {
    this.bytes = withMethods(bytes);
    this.text = fromLatin1(this.bytes, 0, end);
  }

  /** The text between two positions, decoded, and a string of its own: it keeps no message alive. */
  read(from: number, to: number): string {
    if (to - from < SLICE_COPIED) {
      const short = this.text.slice(from, to);
      return this.isAscii() || !NON_ASCII.test(short) ? short : this.decode(from, to);
    }
    const { bytes } = this;
    if (!isNative(bytes)) return this.decode(from, to);
    const flat = bytes.latin1Slice(from, to);
    return this.isAscii() || !NON_ASCII.test(flat) ? flat : this.decode(from, to);
  }

  private isAscii(): boolean {
    this.ascii ??= isAscii ? isAscii(this.bytes) : !NON_ASCII.test(this.text);
    return this.ascii;
  }

  private decode(from: number, to: number): string {
    const { bytes } = this;
    return isNative(bytes) ? bytes.utf8Slice(from, to) : decoder.decode(bytes.subarray(from, to));
  }
}

/** One character for each octet. `TextDecoder('latin1')` is windows-1252 and would not be that. */
const fromLatin1 = (bytes: Uint8Array, from: number, to: number): string => {
  if (isNative(bytes)) return bytes.latin1Slice(from, to);
  let text = '';
  for (let at = from; at < to; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + CHUNK, to)));
  }
  return text;
};

const CHUNK = 8_192;

/** UTF-8 with one character for each octet, to be joined with the text of a `Source`. */
export const asOctets = (text: string): string => {
  if (!NON_ASCII.test(text)) return text;
  const bytes = withMethods(encoder.encode(text));
  return fromLatin1(bytes, 0, bytes.length);
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
