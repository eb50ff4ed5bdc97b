import { notA, notWritable } from '../faults.ts';
import { type XMLElement, xmlChildren, xmlElement, xmlText } from './xml-element.ts';

/**
 * What a value is made of: what may be absent, and lists, may be left out.
 * `XMLParts<Presence>` is a Presence of which only the entity must be given.
 */
export type XMLParts<T> = T extends XMLElement | string | number | boolean | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly XMLParts<Item>[]
    : { readonly [Key in Needed<T>]: XMLParts<T[Key]> } & {
        readonly [Key in Exclude<keyof T, Needed<T>>]?: XMLParts<T[Key]> | undefined;
      };

type Needed<T> = {
  [Key in keyof T]-?: undefined extends T[Key]
    ? never
    : T[Key] extends readonly unknown[]
      ? never
      : Key;
}[keyof T];

/** A way from an element to a value and back. */
export interface Codec<T> {
  read(element: XMLElement): T;
  write(value: unknown, name: string, namespace: string): XMLElement;
}

/** A way from a part of an element to a field of its value and back. */
export interface Field<T> {
  read(element: XMLElement, taken: Set<unknown>): T;
  write(value: unknown, into: Draft): void;
}

/** An element that is being made. */
interface Draft {
  readonly namespace: string;
  readonly attributes: Record<string, string>;
  readonly children: (XMLElement | string)[];
}

/** What goes beyond the schema, kept as it is. */
export interface XMLExtensions {
  /** Elements that have no field here. */
  readonly extensions: readonly XMLElement[];
  /** Attributes that have none. */
  readonly otherAttributes: Readonly<Record<string, string>> | undefined;
}

/** The element that a value was read from: it is written again as long as the value is the same one. */
const origins = new WeakMap<object, XMLElement>();

/** An element as an object, its fields in the order in which they are written: that of the schema. */
export const record = <T extends object>(
  fields: {
    readonly [Key in keyof T]-?: Field<T[Key]>;
  },
): Codec<T> => {
  const all = Object.entries<Field<unknown>>(fields);
  return {
    read(element) {
      const taken = new Set<unknown>();
      // What is left over is known last, wherever it is written.
      const late = all.filter(([, field]) => rests.has(field));
      const early = all.filter(([, field]) => !rests.has(field));
      const values = new Map(
        [...early, ...late].map(([key, field]) => [key, field.read(element, taken)]),
      );
      const value = Object.freeze(
        Object.fromEntries(all.map(([key]) => [key, values.get(key)])),
      ) as T;
      origins.set(value, element);
      return value;
    },
    write(value, name, namespace) {
      const parts = value as Record<string, unknown>;
      const origin = origins.get(parts);
      if (origin?.name === name && origin.namespace === namespace) return origin;
      const prefix = PREFIXES.get(namespace);
      const draft: Draft = { namespace, attributes: {}, children: [] };
      for (const [key, field] of all) field.write(parts[key], draft);
      const { attributes, children } = draft;
      return { name, namespace, ...(prefix !== undefined && { prefix }), attributes, children };
    },
  };
};

/** How a namespace that is not a document's own is spelled. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['urn:ietf:params:xml:ns:pidf:data-model', 'dm'],
  ['urn:ietf:params:xml:ns:pidf:rpid', 'rpid'],
  ['urn:ietf:params:xml:ns:location-type', 'lt'],
]);

/** An element that holds text alone. */
export interface Text<T> extends Codec<T> {
  readText(text: string, where: string): T;
  writeText(value: T): string;
}

const textual = <T>(
  readText: (text: string, where: string) => T,
  writeText: (value: T) => string = String,
): Text<T> => ({
  readText,
  writeText,
  read: (element) => readText(xmlText(element), element.name),
  write: (value, name, namespace) => {
    const prefix = PREFIXES.get(namespace);
    const text = writeText(value as T);
    return {
      name,
      namespace,
      ...(prefix !== undefined && { prefix }),
      attributes: {},
      children: text === '' ? [] : [text],
    };
  },
});

/** As it is, spaces and all. */
export const string: Text<string> = textual((text) => text);

/** A URI, a word: the white space around it is none of it. */
export const token: Text<string> = textual((text) => text.trim());

export const integer: Text<number> = textual(
  (text, where) => {
    const number = Number(text.trim());
    if (Number.isSafeInteger(number) && /^[+-]?\d+$/.test(text.trim())) return number;
    throw notA('whole number', `one in ${where}`, text);
  },
  (number) => {
    if (Number.isSafeInteger(number)) return String(number);
    throw notWritable('a number', 'a whole one', String(number));
  },
);

export const decimal: Text<number> = textual(
  (text, where) => {
    if (/^\s*[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})\s*$/.test(text)) return Number(text);
    throw notA('number', `one in ${where}`, text);
  },
  (number) => {
    const text = String(number);
    if (/^-?\d{1,20}(?:\.\d{1,20})?$/.test(text)) return text;
    throw notWritable('a number', 'one without an exponent', text);
  },
);

export const boolean: Text<boolean> = textual((text, where) => {
  const value = BOOLEANS.get(text.trim());
  if (value === undefined) throw notA('truth value', `true or false in ${where}`, text);
  return value;
});

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** One of some words; a word that the schema does not have is read too. */
export const word = <T extends string>(): Text<T> => textual((text) => text.trim() as T);

export const attribute = <T>(name: string, text: Text<T>): Field<T | undefined> => ({
  read(element, taken) {
    taken.add(name);
    const value = element.attributes[name];
    return value === undefined ? undefined : text.readText(value, name);
  },
  write(value, { attributes }) {
    if (value !== undefined) attributes[name] = text.writeText(value as T);
  },
});

/** The text of the element itself. */
export const ownText = <T>(text: Text<T>): Field<T> => ({
  read: (element) => text.readText(xmlText(element), element.name),
  write(value, { children }) {
    const written = text.writeText((value ?? '') as T);
    if (written !== '') children.push(written);
  },
});

export const child = <T>(
  name: string,
  codec: Codec<T>,
  namespace?: string,
): Field<T | undefined> => ({
  read(element, taken) {
    const [first] = xmlChildren(element, name, namespace);
    if (!first) return undefined;
    taken.add(first);
    return codec.read(first);
  },
  write(value, draft) {
    if (value === undefined) return;
    draft.children.push(codec.write(value, name, namespace ?? draft.namespace));
  },
});

/** One that is read as an empty element when it is absent. */
export const childOrEmpty = <T>(name: string, codec: Codec<T>): Field<T> => {
  const inner = child(name, codec);
  return {
    read: (element, taken) =>
      inner.read(element, taken) ?? codec.read(xmlElement(name, { namespace: element.namespace })),
    write: (value, draft) => inner.write(value, draft),
  };
};

export const children = <T>(
  name: string,
  codec: Codec<T>,
  namespace?: string,
): Field<readonly T[]> => ({
  read: (element, taken) =>
    Object.freeze(
      xmlChildren(element, name, namespace).map((one) => {
        taken.add(one);
        return codec.read(one);
      }),
    ),
  write(values, draft) {
    for (const value of (values ?? []) as readonly unknown[]) {
      draft.children.push(codec.write(value, name, namespace ?? draft.namespace));
    }
  },
});

/** A field of a child element that has no value of its own: `<call-info><sip/></call-info>`. */
export const within = <T>(name: string, inner: Field<T>): Field<T> => ({
  read(element, taken) {
    const [first] = xmlChildren(element, name);
    if (first) taken.add(first);
    return inner.read(first ?? xmlElement(name, { namespace: element.namespace }), new Set());
  },
  write(value, draft) {
    const { namespace } = draft;
    const held: Draft = { namespace, attributes: {}, children: [] };
    inner.write(value, held);
    if (held.children.length > 0) draft.children.push({ name, ...held });
  },
});

/** A list in a child element: `<uris><entry/><entry/></uris>`. */
export const list = <T>(name: string, item: string, codec: Codec<T>): Field<readonly T[]> =>
  within(name, children(item, codec));

/** What must be there. */
export const needed = <T>(name: string, field: Field<T | undefined>): Field<T> => ({
  read(element, taken) {
    const value = field.read(element, taken);
    if (value === undefined) throw notA(element.name, `its ${name}`, 'none');
    return value;
  },
  write(value, draft) {
    if (value === undefined) throw notWritable('an XML body', `its ${name}`, 'none');
    field.write(value, draft);
  },
});

const rests = new WeakSet<object>();

/** The elements that no other field has. */
export const extensions: Field<readonly XMLElement[]> = {
  read: (element, taken) =>
    Object.freeze(
      element.children.filter(
        (one): one is XMLElement => typeof one !== 'string' && !taken.has(one),
      ),
    ),
  write(values, draft) {
    draft.children.push(...((values ?? []) as readonly XMLElement[]));
  },
};

/** The attributes that no other field has. */
export const otherAttributes: Field<Readonly<Record<string, string>> | undefined> = {
  read(element, taken) {
    const others = Object.entries(element.attributes).filter(([name]) => !taken.has(name));
    return others.length > 0 ? Object.fromEntries(others) : undefined;
  },
  write(values, { attributes }) {
    Object.assign(attributes, values);
  },
};
rests.add(extensions);
rests.add(otherAttributes);

/** Text that may say its language. */
export interface XMLNote {
  readonly text: string;
  /** `en`, `de-AT`. */
  readonly language: string | undefined;
}

export const note: Codec<XMLNote> = record<XMLNote>({
  text: ownText(string),
  language: attribute('xml:lang', token),
});

/** A record that is the root of a document. */
export interface RootCodec<T> {
  /** @throws ProtocolError SIPX_PARSE_BODY */
  read(root: XMLElement): T;
  /** @throws UsageError SIPX_USAGE */
  write(parts: XMLParts<T>): XMLElement;
}

export const root = <T>(name: string, namespace: string, codec: Codec<T>): RootCodec<T> => ({
  read(element) {
    if (element.name === name && element.namespace === namespace) return codec.read(element);
    throw notA(name, `a root of ${namespace}`, `${element.name} of ${element.namespace}`);
  },
  write: (parts) => codec.write(parts, name, namespace),
});
