import { canonical } from './escapes.ts';

/** A name that is no place (RFC 8141): `urn:uuid:…`, `urn:service:sos`. */
export class URN {
  readonly scheme = 'urn' as const;
  /** The namespace, in lower case. */
  readonly namespace: string;
  /** What the namespace names, as written, without the components behind `?` and `#`. */
  readonly name: string;
  /** The whole URI. */
  readonly text: string;

  private constructor(namespace: string, name: string, text: string) {
    this.namespace = namespace;
    this.name = name;
    this.text = text;
  }

  /** RFC 8141 3.1; of UUIDs (RFC 9562 4) and services (RFC 5031 4.2) letters have no case. */
  equals(other: { readonly scheme: string; toString(): string }): boolean {
    const that = other.scheme === 'urn' ? URN.read(other.toString()) : undefined;
    return that !== undefined && this.namespace === that.namespace && this.same(that.name);
  }

  toString(): string {
    return this.text;
  }

  /** Undefined when malformed. @internal */
  static read(text: string): URN | undefined {
    const [, namespace, name] = FORM.exec(text) ?? [];
    if (namespace === undefined || name === undefined) return undefined;
    return new URN(namespace.toLowerCase(), name, text);
  }

  private same(name: string): boolean {
    if (!CASELESS.has(this.namespace)) return upperEscapes(this.name) === upperEscapes(name);
    return canonical(this.name).toLowerCase() === canonical(name).toLowerCase();
  }
}

const CASELESS = new Set(['uuid', 'service']);
const FORM =
  /^urn:([A-Z\d][A-Z\d-]{0,30}[A-Z\d]):((?:[\w\-.~!$&'()*+,;=:@]|%[\dA-F]{2})(?:[\w\-.~!$&'()*+,;=:@/]|%[\dA-F]{2})*)(?:[?#][^\s<>"\0-\x1f\x7f]*)?$/i;

const upperEscapes = (text: string): string =>
  text.replace(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase());
