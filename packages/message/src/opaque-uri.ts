/** A URI whose inside SIPX does not look at: tel:, urn:, anything but sip: and sips:. */
export class OpaqueURI {
  /** In lower case. */
  readonly scheme: string;
  /** The whole URI. */
  readonly text: string;

  private constructor(scheme: string, text: string) {
    this.scheme = scheme;
    this.text = text;
  }

  /** The `*` of a Contact (RFC 3261 20.10). @internal */
  static readonly WILDCARD: OpaqueURI = new OpaqueURI('', '*');

  /** Undefined when it is not an absolute URI. @internal */
  static read(scheme: string, text: string): OpaqueURI | undefined {
    return ABSOLUTE.test(text) ? new OpaqueURI(scheme, text) : undefined;
  }

  /** The same text; the scheme in any case. */
  equals(other: { readonly scheme: string; toString(): string }): boolean {
    const rest = this.scheme.length;
    return this.scheme === other.scheme && this.text.slice(rest) === other.toString().slice(rest);
  }

  toString(): string {
    return this.text;
  }
}

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\0-\x1f\x7f]+$/;
