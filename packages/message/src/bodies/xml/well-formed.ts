import type { ProtocolError } from '@sipx/contracts';
import type { BodyLimits } from '../body.ts';
import { notA, tooMuch } from '../faults.ts';

type XMLLimits = Pick<BodyLimits, 'elements' | 'attributes'>;

/**
 * Refuses what is not well-formed, any declaration (DOCTYPE, and so every entity), and what is larger
 * than the limits, in one pass that goes back nowhere. Gives back tags and text alone: comments and instructions
 * are gone, CDATA is text. fast-xml-parser alone would read much that is no XML (tags closed by others, text
 * around the root), and sees the end of an instruction elsewhere.
 * @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY
 */
export const tagsAndText = (text: string, limits: XMLLimits): string => {
  const control = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
  if (control >= 0) throw notXML('no control characters', text, control);
  // Wherever it stands, and so whatever a reader takes for a comment.
  const declaration = text.search(/<!(?!--|\[CDATA\[)/);
  if (declaration >= 0) throw notXML('no DOCTYPE and no entities', text, declaration);

  const kept: string[] = [];
  const open: string[] = [];
  let rooted = false;
  /** From where on nothing has been left out. */
  let from = 0;
  let at = 0;
  const leaveOut = (start: number, end: number): void => {
    if (rooted) kept.push(text.slice(from, start));
    from = end;
    at = end;
  };
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const end = next < 0 ? text.length : next;
    if (end > at) checkText(text.slice(at, end), open.length > 0);
    if (next < 0) break;
    if (text.startsWith('<!--', next)) leaveOut(next, endOfComment(text, next));
    else if (text.startsWith('<?', next)) leaveOut(next, endOfInstruction(text, next));
    else if (text.startsWith('<![CDATA[', next)) {
      if (open.length === 0) throw notXML('CDATA within the root', text, next);
      leaveOut(next, endOf(']]>', text, next + 9));
      kept.push(asText(text.slice(next + 9, at - 3)));
    } else if (text.startsWith('</', next)) {
      const name = nameAt(text, next + 2);
      if (name !== open.pop()) throw notXML('the end of what began', text, next);
      at = skipSpace(text, next + 2 + name.length);
      if (text[at] !== '>') throw notXML('>', text, at);
      at += 1;
    } else {
      if (open.length === 0 && rooted) throw notXML('one root', text, next);
      rooted = true;
      const tag = endOfTag(text, next, limits.attributes);
      at = tag.end;
      if (open.length >= limits.elements) throw tooMuch('deep an XML body', limits.elements);
      if (!tag.empty) open.push(tag.name);
    }
  }
  if (open.length > 0 || !rooted) throw notXML('a root that ends', text, text.length);
  kept.push(text.slice(from));
  return kept.join('').trim();
};

const checkText = (run: string, inside: boolean): void => {
  if (!inside && /[^ \t\r\n]/.test(run)) throw notXML('text within the root', run, 0);
  if (run.includes(']]>')) throw notXML('no ]]> in text', run, 0);
};

const asText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const endOf = (mark: string, text: string, from: number): number => {
  const end = text.indexOf(mark, from);
  if (end < 0) throw notXML(mark, text, from);
  return end + mark.length;
};

const endOfComment = (text: string, from: number): number => {
  const end = endOf('--', text, from + 4);
  if (text[end] !== '>') throw notXML('no -- in a comment', text, end);
  return end + 1;
};

const endOfInstruction = (text: string, from: number): number => {
  const target = nameAt(text, from + 2);
  if (target.toLowerCase() === 'xml' && (from !== 0 || target !== 'xml')) {
    throw notXML('the XML declaration first', text, from);
  }
  return endOf('?>', text, from + 2 + target.length);
};

interface Tag {
  readonly name: string;
  readonly end: number;
  readonly empty: boolean;
}

const endOfTag = (text: string, from: number, limit: number): Tag => {
  const name = nameAt(text, from + 1);
  let seen: Set<string> | undefined;
  let at = from + 1 + name.length;
  for (;;) {
    const next = skipSpace(text, at);
    if (text[next] === '>') return { name, end: next + 1, empty: false };
    if (text.startsWith('/>', next)) return { name, end: next + 2, empty: true };
    if (next === at) throw notXML('white space before an attribute', text, at);
    const attribute = nameAt(text, next);
    seen ??= new Set();
    if (seen.has(attribute)) throw notXML('an attribute once', text, next);
    seen.add(attribute);
    if (seen.size > limit) throw tooMuch('many attributes of an XML element', limit);
    const equals = skipSpace(text, next + attribute.length);
    const open = skipSpace(text, equals + 1);
    const quote = text[open];
    if (text[equals] !== '=' || (quote !== '"' && quote !== "'")) {
      throw notXML('a value in quotes', text, next);
    }
    at = endOf(quote, text, open + 1);
    if (text.slice(open, at).includes('<')) throw notXML('no < in a value', text, open);
  }
};

/**
 * `prefix:name` or `name`: colons mean namespaces. A little less than XML allows, no white space in any reading,
 * and nothing longer than a name is.
 */
const NAME =
  /[\p{L}_][\p{L}\p{M}\p{N}_.\u{b7}-]{0,255}(?::[\p{L}_][\p{L}\p{M}\p{N}_.\u{b7}-]{0,255})?/uy;

export const isXMLName = (text: string): boolean =>
  /^[\p{L}_][\p{L}\p{M}\p{N}_.\u{b7}-]{0,255}$/u.test(text);

const nameAt = (text: string, at: number): string => {
  NAME.lastIndex = at;
  const [name] = NAME.exec(text) ?? [];
  if (name === undefined) throw notXML('a name', text, at);
  return name;
};

/** White space of XML, which is less than that of JavaScript. */
const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (SPACES.has(text[at] ?? '')) at += 1;
  return at;
};
const SPACES = new Set([' ', '\t', '\r', '\n']);

const notXML = (expected: string, text: string, at: number): ProtocolError =>
  notA('well-formed XML', expected, text.slice(at, at + 40));
