import type { Headers } from '../headers.ts';

/** The headers of a part of a body: to be read. What takes headers makes a body with others. */
export type ReadonlyHeaders = Pick<
  Headers,
  'get' | 'getAll' | 'raw' | 'rawAll' | 'has' | 'size' | typeof Symbol.iterator
>;

/** What a body is read from: a message, a part of a multipart body, or two values of yours. */
export interface BodyCarrier {
  readonly headers: ReadonlyHeaders;
  readonly content: Uint8Array;
  /** Multipart bodies around it; 0 when left out. */
  readonly depth?: number;
}

/** Bounds on what a peer may send in a body. Each is kept by SIPX_LIMIT_BODY. */
export interface BodyLimits {
  /** Octets of an XML or multipart body. */
  readonly size: number;
  /** XML elements in one another. */
  readonly elements: number;
  /** Attributes of one XML element, declarations of namespaces among them. */
  readonly attributes: number;
  /** Parts of one multipart body. */
  readonly parts: number;
  /** Multipart bodies in one another. */
  readonly multiparts: number;
}

export const DEFAULT_BODY_LIMITS: BodyLimits = Object.freeze({
  size: 262_144,
  elements: 64,
  attributes: 256,
  parts: 256,
  multiparts: 8,
});
