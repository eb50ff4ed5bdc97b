import { notWritable } from '../faults.ts';
import { isXMLName } from './well-formed.ts';
import { XML_NAMESPACE, type XMLElement } from './xml-element.ts';

/** A document. Namespaces are declared where they are first used. @throws UsageError SIPX_USAGE */
export const writeXML = (root: XMLElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\r\n${writeElement(root, TOP)}\r\n`;

/** The namespaces that an element declares, by prefix and the other way, and those around it. */
interface Scope {
  readonly around?: Scope;
  readonly namespaces: Map<string, string>;
  readonly prefixes: Map<string, string>;
}

const TOP: Scope = {
  namespaces: new Map([
    ['', ''],
    ['xml', XML_NAMESPACE],
  ]),
  prefixes: new Map(),
};

const declare = (prefix: string, namespace: string, scope: Scope): void => {
  scope.namespaces.set(prefix, namespace);
  if (prefix !== '') scope.prefixes.set(namespace, prefix);
};

const inScope = (prefix: string, scope: Scope): string | undefined => {
  for (let at: Scope | undefined = scope; at; at = at.around) {
    const namespace = at.namespaces.get(prefix);
    if (namespace !== undefined) return namespace;
  }
  return undefined;
};

const writeElement = (element: XMLElement, around: Scope): string => {
  const scope: Scope = { around, namespaces: new Map(), prefixes: new Map() };
  const { namespace, prefix = '', children } = element;
  const name =
    prefix === '' ? checkName(element.name) : `${checkName(prefix)}:${checkName(element.name)}`;
  if (prefix === 'xmlns' || (prefix !== '' && namespace === '')) {
    throw notWritable('an XML element', 'a prefix of a namespace', name);
  }
  if (inScope(prefix, scope) !== namespace) {
    if (prefix === 'xml') throw notWritable('an XML element', 'the namespace of its prefix', name);
    declare(prefix, namespace, scope);
  }
  const attributes = Object.entries(element.attributes).map(
    ([key, value]) => ` ${attributeName(key, scope)}="${escapeValue(value)}"`,
  );
  const declared = [...scope.namespaces].map(
    ([short, uri]) => ` xmlns${short === '' ? '' : `:${short}`}="${escapeValue(uri)}"`,
  );
  const tag = [name, ...declared, ...attributes].join('');
  if (children.length === 0) return `<${tag}/>`;
  const inner = children.map((child) =>
    typeof child === 'string' ? escapeText(child) : writeElement(child, scope),
  );
  return `<${tag}>${inner.join('')}</${name}>`;
};

const attributeName = (key: string, scope: Scope): string => {
  if (!key.startsWith('{')) {
    const name = key.startsWith('xml:') ? key.slice(4) : key;
    if (name === 'xmlns') throw notWritable('an XML attribute', 'no declaration', key);
    checkName(name);
    return key;
  }
  const close = key.lastIndexOf('}');
  const [namespace, name] = [key.slice(1, close), checkName(key.slice(close + 1))];
  if (namespace === '') throw notWritable('an XML attribute', '{namespace}name', key);
  if (namespace === XML_NAMESPACE) return `xml:${name}`;
  for (let at: Scope | undefined = scope; at; at = at.around) {
    const prefix = at.prefixes.get(namespace);
    if (prefix !== undefined && inScope(prefix, scope) === namespace) return `${prefix}:${name}`;
  }
  let count = scope.namespaces.size;
  while (inScope(`ns${count}`, scope) !== undefined) count += 1;
  declare(`ns${count}`, namespace, scope);
  return `ns${count}:${name}`;
};

const checkName = (name: string): string => {
  if (isXMLName(name)) return name;
  throw notWritable('an XML name', 'a name without a colon', name);
};

const escapeText = (text: string): string =>
  checkCharacters(text).replace(/[&<>\r]/g, (char) => ESCAPES[char] ?? char);

const escapeValue = (text: string): string =>
  checkCharacters(text).replace(/[&<>"\r\n\t]/g, (char) => ESCAPES[char] ?? char);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

const checkCharacters = (text: string): string => {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/u.test(text)) {
    throw notWritable('XML', 'text without control characters and lone surrogates', text);
  }
  return text;
};
