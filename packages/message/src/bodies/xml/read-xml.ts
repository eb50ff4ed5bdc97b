import type { ProtocolError } from '@sipx/contracts';
import { XMLParser } from 'fast-xml-parser';
import type { MediaType } from '../../media-type.ts';
import { type BodyLimits, DEFAULT_BODY_LIMITS } from '../body.ts';
import { decoderOf, positions } from '../charset.ts';
import { notA, tooMuch } from '../faults.ts';
import { tagsAndText } from './well-formed.ts';
import { XML_NAMESPACE, type XMLElement } from './xml-element.ts';

/** What an XML body was read from. */
export interface XMLSource {
  readonly text: string;
  readonly content: Uint8Array;
}

/**
 * The text of an XML body: by its byte order mark, the charset of its media type, or its declaration (RFC 7303 3);
 * UTF-8 else. @throws ProtocolError SIPX_PARSE_BODY
 */
export const decodeXML = (content: Uint8Array, mediaType: MediaType): XMLSource => {
  const start = positions(content.subarray(0, 100));
  const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(start);
  const charset = markOf(content) ?? mediaType.params.get('charset') ?? declared?.[1] ?? 'utf-8';
  try {
    const text = decoderOf(charset, true)?.decode(content);
    if (text !== undefined) return { text, content };
  } catch (cause) {
    throw notA('XML', `octets of ${charset}`, start, cause);
  }
  throw notA('XML', 'a charset that the platform knows', charset);
};

const markOf = ([first, second, third]: Uint8Array): string | undefined => {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined;
};

/** The root. @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY */
export const readXML = (text: string, limits: Partial<BodyLimits>): XMLElement => {
  const bounds = { ...DEFAULT_BODY_LIMITS, ...limits };
  if (text.length > bounds.size) throw tooMuch('long an XML body', bounds.size);
  const tags = tagsAndText(text, bounds);
  let nodes: Node[];
  try {
    nodes = parser.parse(tags) as Node[];
  } catch (cause) {
    throw notA('XML', 'what fast-xml-parser reads', text, cause);
  }
  const [first] = nodes;
  const root = first && readNode(first, TOP);
  if (root === undefined || typeof root === 'string') throw notA('XML', 'a root', text);
  return root;
};

/** An element by its name, or a text; the attributes, which have no prefix here, stand beside it. */
type Node = Readonly<Record<string, Node[] | string>> & {
  readonly ':@'?: Readonly<Record<string, string>>;
};

const parser = /* @__PURE__ */ new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // Texts stay texts, and references are read here: there is no entity to be expanded.
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  // The depth has been checked against the limit that was given.
  maxNestedTags: Number.MAX_SAFE_INTEGER,
  onDangerousProperty: (name) => name,
  jPath: false,
});

/** The namespaces that an element declares, and those around it. */
interface Scope {
  readonly around?: Scope;
  readonly namespaces: ReadonlyMap<string, string>;
}

const TOP: Scope = {
  namespaces: new Map([
    ['', ''],
    ['xml', XML_NAMESPACE],
  ]),
};

const namespaceOf = (prefix: string, scope: Scope): string => {
  for (let at: Scope | undefined = scope; at; at = at.around) {
    const namespace = at.namespaces.get(prefix);
    if (namespace !== undefined) return namespace;
  }
  throw notA('XML', 'a namespace for every prefix', prefix);
};

const readNode = (node: Node, around: Scope): XMLElement | string => {
  const tag = Object.keys(node).find((key) => key !== ':@') ?? '';
  const inner = node[tag] ?? '';
  if (typeof inner === 'string') return readReferences(inner);
  const own = node[':@'] ?? {};
  const scope = scopeOf(own, around);
  const [prefix, name] = split(tag);
  return {
    name,
    namespace: namespaceOf(prefix, scope),
    ...(prefix !== '' && { prefix }),
    attributes: readAttributes(own, scope),
    children: inner.map((child) => readNode(child, scope)),
  };
};

const split = (qualified: string): [prefix: string, name: string] => {
  const colon = qualified.indexOf(':');
  return colon < 0 ? ['', qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
};

const scopeOf = (attributes: Readonly<Record<string, string>>, around: Scope): Scope => {
  const namespaces = new Map<string, string>();
  for (const [qualified, value] of Object.entries(attributes)) {
    const [prefix, name] = split(qualified);
    if (qualified !== 'xmlns' && prefix !== 'xmlns') continue;
    const namespace = readReferences(value);
    const declared = prefix === '' ? '' : name;
    const isXML = declared === 'xml' || namespace === XML_NAMESPACE;
    if (declared === 'xmlns' || (declared !== '' && namespace === '') || isXML) {
      if (declared === 'xml' && namespace === XML_NAMESPACE) continue;
      throw notA('XML', 'a namespace that may be declared', qualified);
    }
    namespaces.set(declared, namespace);
  }
  return namespaces.size > 0 ? { around, namespaces } : around;
};

const readAttributes = (
  own: Readonly<Record<string, string>>,
  scope: Scope,
): Readonly<Record<string, string>> => {
  const attributes = new Map<string, string>();
  for (const [qualified, value] of Object.entries(own)) {
    const [prefix, name] = split(qualified);
    if (qualified === 'xmlns' || prefix === 'xmlns') continue;
    const isPlain = prefix === '' || prefix === 'xml';
    const key = isPlain ? qualified : `{${namespaceOf(prefix, scope)}}${name}`;
    if (attributes.has(key)) throw notA('XML', 'an attribute once', qualified);
    attributes.set(key, readReferences(value.replace(/[\t\n]/g, ' ')));
  }
  return Object.fromEntries(attributes);
};

/** The five of XML 1.0 4.6 and numbers: nothing else can be declared. */
const readReferences = (text: string): string => {
  if (!text.includes('&')) return text;
  const other = text.search(/&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/);
  if (other >= 0) throw notReference(text.slice(other, other + 12));
  return text.replace(/&(\w+|#\w+);/g, (whole, name: string) => {
    const named = NAMED.get(name);
    if (named !== undefined) return named;
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (!isCharacter(code)) throw notReference(whole);
    return String.fromCodePoint(code);
  });
};

const notReference = (got: string): ProtocolError =>
  notA('XML', 'a reference to a character, or to lt, gt, amp, quot or apos', got);

const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

const isCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x1_00_00 && code <= 0x10_ff_ff);
